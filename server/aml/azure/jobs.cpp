#include "azure/jobs.hpp"

#include "azure/errors.hpp"
#include "azure/page_reader.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace aml::azure {
namespace {

using nlohmann::json;

std::string job_path(const ResourceId& workspace, const std::string& name) {
    return fmt::format("{}/jobs/{}", workspace.to_string(), http::percent_encode(name));
}

bool has(const json& object, const char* name) {
    return !member(object, {name}).is_null();
}

/// More nodes or processes than any job has.
constexpr std::int64_t most_of_a_kind = 1'000'000;

/// A number of nodes or processes; one where Azure does not say.
int positive(const json& object, std::string_view name) {
    return static_cast<int>(
        std::clamp<std::int64_t>(integer(object, name).value_or(1), 1, most_of_a_kind));
}

/// Whether it has a member that is lost or refused under a stable api-version.
bool needs_preview(const json& job) {
    const auto& resources = member(job, {"resources"});
    if (has(job, "parentJobName") || has(member(job, {"queueSettings"}), "priority") ||
        has(resources, "locations") || has(resources, "maxInstanceCount") ||
        same_name(text(member(job, {"distribution"}), "distributionType"), "Ray"))
        return true;
    for (const auto* kind : {"inputs", "outputs"}) {
        for (const auto& one : member(job, {kind})) {
            if (has(one, "assetVersion") || has(one, "pathOnCompute")) return true;
        }
    }
    return false;
}

http::Request job_request(const Client& client,
                          const ResourceId& workspace,
                          const std::string& name) {
    return client.arm(http::Method::Get,
                      localize("read the job"),
                      job_path(workspace, name),
                      client.ml_api_version());
}

bool already_final(const Error& error) {
    if (error.kind() != ErrorKind::Rejected && error.kind() != ErrorKind::Conflict) return false;
    return error.details().azure_code.find("TerminalStatus") != std::string::npos ||
           std::string_view(error.what()).find("terminal") != std::string::npos;
}

}  // namespace

bool exists_already(const Error& error) {
    return same_name(error.details().azure_code, "JobPropertyImmutable");
}

Job job_from_json(const json& item) {
    const auto& properties = member(item, {"properties"});
    const auto& system = member(item, {"systemData"});
    Job job;
    job.id = ResourceId::parse(text(item, "id")).value_or(ResourceId());
    job.name = text(item, "name");
    job.status = text(properties, "status");
    job.display_name = text(properties, "displayName");
    job.experiment_name = text(properties, "experimentName");
    job.command = text(properties, "command");
    job.code_id = text(properties, "codeId");
    const auto& distribution = member(properties, {"distribution"});
    job.nodes = positive(member(properties, {"resources"}), "instanceCount");
    job.processes = positive(distribution, "processCountPerInstance");
    job.studio_url = text(member(properties, {"services", "Studio"}), "endpoint");
    job.created_at = time(system, "createdAt");
    job.created_by = text(system, "createdBy");
    return job;
}

std::string studio_url_for(std::string studio_url, std::string_view tenant) {
    if (studio_url.empty() || tenant.empty()) return studio_url;
    if (studio_url.find("?tid=") != std::string::npos ||
        studio_url.find("&tid=") != std::string::npos) {
        return studio_url;
    }
    return http::with_query(std::move(studio_url), {{"tid", std::string(tenant)}});
}

asio::awaitable<Job> jobs::create_or_update(
    Client& client, ResourceId workspace, std::string name, json properties, std::stop_token stop) {
    auto request = client.arm(http::Method::Put,
                              localize("create the job"),
                              job_path(workspace, name),
                              needs_preview(properties) ? api_version::machine_learning_preview
                                                        : client.ml_api_version());
    // The service cannot act as the user without, and starts the steps of a pipeline so.
    if (text(member(properties, {"identity"}), "identityType") == "UserIdentity" ||
        text(properties, "jobType") == "Pipeline")
        request.user_scope = client.cloud().ml_scope;
    json body = json::object();
    body["properties"] = std::move(properties);
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return job_from_json(answer.body);
}

asio::awaitable<std::optional<Job>> jobs::find(Client& client,
                                               ResourceId workspace,
                                               std::string name,
                                               std::stop_token stop) {
    const auto answer = co_await client.find(job_request(client, workspace, name), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return job_from_json(answer->body);
}

asio::awaitable<std::optional<json>> jobs::properties(Client& client,
                                                      ResourceId workspace,
                                                      std::string name,
                                                      std::stop_token stop) {
    const auto answer = co_await client.find(job_request(client, workspace, name), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return member(answer->body, {"properties"});
}

asio::awaitable<Page<Job>> jobs::list(Client& client, ResourceId workspace, std::stop_token stop) {
    const Query query{{"listViewType", "ActiveOnly"}};
    auto request = client.arm(http::Method::Get,
                              localize("list the jobs"),
                              workspace.to_string() + "/jobs",
                              client.ml_api_version(),
                              query);
    return arm_page<Job>(client, std::move(request), job_from_json, std::move(stop));
}

asio::awaitable<void> jobs::cancel(Client& client,
                                   ResourceId workspace,
                                   std::string name,
                                   std::stop_token stop) {
    auto request = client.arm(http::Method::Post,
                              localize("cancel the job"),
                              job_path(workspace, name) + "/cancel",
                              client.ml_api_version());
    // Asking twice asks for the same.
    request.repeat = http::Repeat::Safe;
    try {
        co_await client.send(std::move(request), std::move(stop));
    } catch (const Error& error) {
        if (!already_final(error)) throw;
    }
}

}  // namespace aml::azure
