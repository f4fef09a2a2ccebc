#pragma once

#include "async/clock.hpp"
#include "azure/client.hpp"
#include "azure/page.hpp"
#include "support/error.hpp"

#include <optional>
#include <string>

namespace aml::azure {

/// A job as ARM knows it: neither start and end nor an error (those are in run history).
struct Job {
    ResourceId id{};
    std::string name{};
    /// As Azure spelled it, e.g. "Running".
    std::string status{};
    std::string display_name{};
    std::string experiment_name{};
    /// Of a command job: what it runs, and the ARM id of its code; empty without.
    std::string command{};
    std::string code_id{};
    /// How many nodes it asks for, and how many processes on each.
    int nodes = 1;
    int processes = 1;
    /// Page of this job in Azure ML studio, without a tenant; empty when unknown.
    std::string studio_url{};
    std::optional<async::Clock::TimePoint> created_at{};
    std::string created_by{};
};

namespace jobs {
/// Safe to repeat: a name is run once, and a repeat is refused (`exists_already`). `properties` is
/// the body's `properties` member
/// (`jobType` …); with the identity UserIdentity, Azure ML is given a token to act for the user.
/// Throws: Rejected (what is wrong with the job), Forbidden, NotFound (workspace), Throttled,
/// Unavailable. Source: Jobs - Create Or Update.
asio::awaitable<Job> create_or_update(Client& client,
                                      ResourceId workspace,
                                      std::string name,
                                      nlohmann::json properties,
                                      std::stop_token stop);
/// Source: Jobs - Get.
asio::awaitable<std::optional<Job>> find(Client& client,
                                         ResourceId workspace,
                                         std::string name,
                                         std::stop_token stop);
/// All that ARM knows of a job: the member `properties`, with what was submitted and what the
/// service has added. Source: Jobs - Get.
asio::awaitable<std::optional<nlohmann::json>> properties(Client& client,
                                                          ResourceId workspace,
                                                          std::string name,
                                                          std::stop_token stop);
/// Active ones, order as the service likes; no filter on experiment or status exists.  Source: Jobs
/// - List.
asio::awaitable<Page<Job>> list(Client& client, ResourceId workspace, std::stop_token stop);
/// Asks the service to cancel and returns at once: watch the status. A job that is already final is
/// no error. Source: Jobs - Cancel.
asio::awaitable<void> cancel(Client& client,
                             ResourceId workspace,
                             std::string name,
                             std::stop_token stop);
}  // namespace jobs

/// Whether a PUT was refused because a job of that name exists: the service runs a name once, and
/// says so even to the body that has made the job.
bool exists_already(const Error& error);

/// Reads one item of the service's JSON.
Job job_from_json(const nlohmann::json& json);

/// The job's studio page with `&tid={tenant}`, which the address Azure gives lacks. Empty stays
/// empty.
std::string studio_url_for(std::string studio_url, std::string_view tenant);

}  // namespace aml::azure
