#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "azure/resource_id.hpp"
#include "http/cloud.hpp"
#include "http/pipeline.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace aml::azure {

/// Api-versions of the resource providers we call.
namespace api_version {
inline constexpr std::string_view machine_learning = "2025-12-01";
/// For clouds that lag behind.
inline constexpr std::string_view machine_learning_fallback = "2024-04-01";
/// For jobs with members that no stable version has; the official SDK sends all jobs with it.
inline constexpr std::string_view machine_learning_preview = "2025-01-01-preview";
inline constexpr std::string_view subscriptions = "2022-12-01";
inline constexpr std::string_view resource_groups = "2021-04-01";
inline constexpr std::string_view authorization = "2022-04-01";
/// Of Azure Storage, sent as `x-ms-version`.
inline constexpr std::string_view storage = "2021-08-06";
}  // namespace api_version

/// Where a workspace's data plane is (run history, metrics, artifacts).
struct DataPlane {
    ResourceId workspace;
    /// Base address, e.g. "https://eastus2.api.azureml.ms".
    std::string api;
    /// Azure ML studio, e.g. "https://ml.azure.com".
    std::string studio;
};

/// As whom to ask: the tenant a token is for, and which of the user's accounts it is of. Empty: the
/// usual one.
struct Identity {
    std::string tenant{};
    std::string account{};

    bool operator==(const Identity&) const = default;
};

using Query = std::vector<std::pair<std::string, std::string>>;

/// A successful answer.
struct Answer {
    int status = 0;
    http::Headers headers{};
    /// Null when the body is empty or the literal `null`.
    nlohmann::json body{};
};

/// What every REST operation shares: pipeline, cloud, api-version, and the data planes found so
/// far. Must outlive the operations and pages that were given a reference to it.
class Client final {
public:
    /// `authenticated` adds tokens; `anonymous` is for SAS addresses and discovery. Keeps both by
    /// reference.
    Client(const http::Pipeline& authenticated,
           const http::Pipeline& anonymous,
           async::Clock& clock,
           http::Cloud cloud);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    const http::Cloud& cloud() const { return cloud_; }

    /// The version for Microsoft.MachineLearningServices. Once a request with the newest one was
    /// refused for its version, and served with the fallback, it is the fallback.
    std::string_view ml_api_version() const { return ml_api_version_; }

    async::Clock& clock() const { return clock_; }

    /// Tokens for this subscription are asked for as `identity` from now on (subscriptions of a
    /// guest tenant, or of another account). The tenant is also learnt from the challenge with
    /// which Azure Resource Manager refuses the token of another one; the data plane has none.
    void remember_identity(std::string subscription, Identity identity);
    /// As whom a subscription is asked.
    Identity identity_for(std::string_view subscription) const;

    /// The data plane of a workspace: from the cache, else workspace get and its `discoveryUrl`.
    /// Throws: as `workspaces::get`; AzureFailed when the answer names no data plane.
    asio::awaitable<DataPlane> data_plane(ResourceId workspace, std::stop_token stop);
    /// Fills the cache, e.g. from disk.
    void remember(DataPlane plane);
    /// Drops a cached data plane, e.g. after it could not be reached.
    void forget(const ResourceId& workspace);

    /// A request to ARM: `path` is absolute ("/subscriptions/…"), `version` the api-version.
    http::Request arm(http::Method method,
                      LocalizedText operation,
                      std::string path,
                      std::string_view version,
                      Query query = {}) const;
    /// A request to `{api}/{service}{workspace}{path}`, e.g. service "history/v1.0", path
    /// "/runs/r1/details".
    http::Request data(http::Method method,
                       LocalizedText operation,
                       const DataPlane& plane,
                       std::string_view service,
                       std::string path,
                       Query query = {}) const;
    /// A GET for a link the service gave. Throws: AzureFailed when it leads to another origin than
    /// `origin`.
    http::Request follow(LocalizedText operation, std::string link, std::string origin) const;

    /// Whether the storage at that address was found to accept no shared keys.
    bool refuses_keys(const std::string& place) const { return keyless_.contains(place); }

    void note_keyless(std::string place) { keyless_.insert(std::move(place)); }

    /// Has a token for `scope` go along, of the identity for `subscription`.
    void authorize(http::Request& request, std::string_view scope, std::string subscription) const;

    /// Sends with a token. Throws: `Error` for every status outside 200 … 299 (see
    /// azure/errors.hpp), and what the pipeline throws, with the operation's name before the
    /// message.
    asio::awaitable<Answer> send(http::Request request, std::stop_token stop);
    /// The same, but 404 is an ordinary result.
    asio::awaitable<std::optional<Answer>> find(http::Request request, std::stop_token stop);
    /// Sends as it is, with a token only if the request names a scope, and returns any status.
    asio::awaitable<http::Response> send_raw(http::Request request, std::stop_token stop) const;

private:
    /// An answer of any status. Its body is there when it was successful, and whole JSON.
    struct Exchange {
        http::Response response{};
        std::optional<nlohmann::json> body{};
    };

    asio::awaitable<DataPlane> discover(ResourceId workspace, std::stop_token stop);
    asio::awaitable<Exchange> exchange(http::Request request, std::stop_token stop);
    /// Sends with a token, and once more with the fallback when the cloud lacks the api-version.
    asio::awaitable<http::Response> ask(http::Request request, std::stop_token stop);
    /// For Azure Resource Manager and the data plane, by the subscription in the address.
    void authorize(http::Request& request) const;
    Answer answer_of(Exchange exchanged, const LocalizedText& operation) const;

    const http::Pipeline& authenticated_;
    const http::Pipeline& anonymous_;
    async::Clock& clock_;
    http::Cloud cloud_;
    std::string_view ml_api_version_ = api_version::machine_learning;
    // By subscription, lower case.
    std::map<std::string, Identity> identities_;
    std::map<ResourceId, DataPlane> data_planes_;
    std::set<std::string> keyless_;
};

/// Puts `body` into the request as JSON.
void set_json(http::Request& request, const nlohmann::json& body);

}  // namespace aml::azure
