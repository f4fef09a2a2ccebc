#pragma once

#include "http/transport.hpp"
#include "http/url.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aml::test {

/// One Azure ML workspace in memory, as far as submitting a job needs it: codes, blobs,
/// environments, computes, jobs. Answers as Azure does and fails loudly (501) on anything else.
class FakeWorkspace final : public http::Transport {
public:
    static constexpr auto arm = "https://management.azure.com";
    static constexpr auto id =
        "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/"
        "workspaces/ws";

    /// Looks at every request first: may answer it, throw (a broken connection), or return nothing.
    std::function<std::optional<http::Response>(const http::Request&)> intercept{};

    /// By name; `cpu-cluster` and the stopped instance `my-box` exist.
    std::map<std::string, nlohmann::json> computes{{"cpu-cluster", cluster(4)},
                                                   {"my-box",
                                                    {{"computeType", "ComputeInstance"},
                                                     {"provisioningState", "Succeeded"},
                                                     {"properties", {{"state", "Stopped"}}}}}};
    /// By name and version; the value is what was put.
    std::map<std::string, std::map<std::string, nlohmann::json>> environments{};
    /// Code versions by id path, jobs by name: `properties` as put.
    std::map<std::string, nlohmann::json> codes{};
    std::map<std::string, nlohmann::json> jobs{};
    /// Contents by "container/path"; blocks of unfinished blobs by "container/path?id".
    std::map<std::string, std::string> blobs{};
    std::map<std::string, std::string> blocks{};
    std::map<std::string, http::Headers> metadata{};
    /// Of `datastores/workspaceblobstore`.
    std::string datastore_credentials = "AccountKey";

    /// "PUT codes", "GET computes/cpu-cluster", "PUT blob train.py" … in order of arrival.
    std::vector<std::string> log{};
    /// Requests being answered at this moment, and the most there were.
    std::size_t running = 0;
    std::size_t most_running = 0;
    std::size_t bytes_running = 0;
    std::size_t most_bytes_running = 0;

    static nlohmann::json cluster(int max_nodes);

    asio::awaitable<http::Response> send(http::Request request, std::stop_token stop) override;

private:
    http::Response answer(const http::Request& request);
    http::Response answer_arm(const http::Request& request,
                              const std::string& path,
                              const std::string& query);
    http::Response answer_code(const http::Request& request,
                               const std::string& path,
                               const std::string& query);
    http::Response answer_environment(const http::Request& request, const std::string& path);
    http::Response answer_compute(const std::string& path);
    http::Response answer_job(const http::Request& request, const std::string& name);
    http::Response answer_datastore(const http::Request& request, const std::string& path);
    http::Response list_blobs(const std::string& container,
                              const std::string& encoded_prefix) const;
    http::Response answer_blob(const http::Request& request, const http::Url& url);
    nlohmann::json job_resource(const std::string& name) const;
    std::string joined_blocks(const std::string& path, const std::string& list) const;

    int containers_ = 0;
};

}  // namespace aml::test
