#include "azure/client.hpp"

#include "azure/errors.hpp"
#include "azure/json_fields.hpp"
#include "azure/workspaces.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace aml::azure {
namespace {

/// The subscription in "/subscriptions/{s}/…", lower case; empty when there is none.
std::string subscription_of(std::string_view path) {
    constexpr std::string_view start = "/subscriptions/";
    const auto lowered = lower(path);
    const auto at = lowered.find(start);
    if (at == std::string::npos) return {};
    const auto rest = lowered.substr(at + start.size());
    return rest.substr(0, rest.find_first_of("/?"));
}

/// The JSON text of an answer; empty when there is none.
std::string_view json_text(const http::Response& response) {
    std::string_view body = response.body;
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    const auto first = body.find_first_not_of(" \r\n\t");
    return first == std::string_view::npos ? std::string_view() : body.substr(first);
}

/// Null for an empty body; empty when it is no JSON.
std::optional<nlohmann::json> read_body(const http::Response& response) {
    const auto text = json_text(response);
    if (text.empty()) return nlohmann::json();
    auto body = nlohmann::json::parse(text, nullptr, false);
    if (body.is_discarded()) return std::nullopt;
    return body;
}

/// Whether Azure Resource Manager knows no such api-version here.
bool lacks_version(const http::Response& response) {
    if (response.status != 400) return false;
    const auto error = parse_service_error(response.body).value_or(ServiceError{});
    return same_name(error.code, "InvalidApiVersionParameter") ||
           same_name(error.code, "NoRegisteredProviderFound");
}

bool reads_or_replaces(const http::Request& request) {
    return request.repeat == http::Repeat::Safe || request.method != http::Method::Post;
}

Error unreadable(const http::Response& response, const LocalizedText& operation) {
    ErrorDetails details;
    details.http_status = response.status;
    details.request_id = response.headers.get("x-ms-request-id").value_or("");
    return {ErrorKind::AzureFailed,
            localize("Cannot {}: the answer is cut off or not JSON; try again, and check what "
                     "is between this computer and Azure if that does not help.",
                     operation),
            details};
}

}  // namespace

void set_json(http::Request& request, const nlohmann::json& body) {
    request.headers.set("Content-Type", "application/json");
    request.body = http::Body(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Client::Client(const http::Pipeline& authenticated,
               const http::Pipeline& anonymous,
               async::Clock& clock,
               http::Cloud cloud)
    : authenticated_(authenticated),
      anonymous_(anonymous),
      clock_(clock),
      cloud_(std::move(cloud)) {}

void Client::remember_identity(std::string subscription, Identity identity) {
    identities_[lower(subscription)] = std::move(identity);
}

asio::awaitable<DataPlane> Client::data_plane(ResourceId workspace, std::stop_token stop) {
    const auto known = data_planes_.find(workspace);
    if (known != data_planes_.end()) co_return known->second;
    auto found = co_await discover(workspace, std::move(stop));
    remember(found);
    co_return found;
}

asio::awaitable<DataPlane> Client::discover(ResourceId workspace, std::stop_token stop) {
    const auto details = co_await workspaces::get(*this, workspace, stop);
    http::Request request;
    request.url = details.discovery_url;
    const auto operation = localize("find the workspace's services");
    request.operation = operation;
    http::accept_json(request);
    const auto response = co_await send_raw(std::move(request), std::move(stop));
    if (!http::succeeded(response)) throw error_of(response, operation, clock_.now());
    const auto parsed = read_body(response);
    if (!parsed) throw unreadable(response, operation);
    const auto& body = *parsed;
    DataPlane plane;
    plane.workspace = workspace;
    plane.api = text(body, "api");
    plane.studio = text(body, "studio");
    while (plane.api.ends_with('/')) plane.api.pop_back();
    while (plane.studio.ends_with('/')) plane.studio.pop_back();
    if (!http::parse_url(plane.api)) {
        throw Error(
            ErrorKind::AzureFailed,
            localize("Workspace {} does not say where its services are.", workspace.name()));
    }
    co_return plane;
}

void Client::remember(DataPlane plane) {
    const auto workspace = plane.workspace;
    data_planes_[workspace] = std::move(plane);
}

void Client::forget(const ResourceId& workspace) {
    data_planes_.erase(workspace);
}

Identity Client::identity_for(std::string_view subscription) const {
    const auto known = identities_.find(lower(subscription));
    return known == identities_.end() ? Identity{} : known->second;
}

void Client::authorize(http::Request& request) const {
    authorize(request, cloud_.arm_scope, subscription_of(request.url));
}

void Client::authorize(http::Request& request,
                       std::string_view scope,
                       std::string subscription) const {
    request.scope = scope;
    auto identity = identity_for(subscription);
    request.tenant = std::move(identity.tenant);
    request.account = std::move(identity.account);
}

http::Request Client::arm(http::Method method,
                          LocalizedText operation,
                          std::string path,
                          std::string_view version,
                          Query query) const {
    query.insert(query.begin(), {"api-version", std::string(version)});
    http::Request request;
    request.method = method;
    request.operation = std::move(operation);
    request.url = http::with_query(cloud_.arm + path, query);
    http::accept_json(request);
    authorize(request);
    return request;
}

http::Request Client::data(http::Method method,
                           LocalizedText operation,
                           const DataPlane& plane,
                           std::string_view service,
                           std::string path,
                           Query query) const {
    http::Request request;
    request.method = method;
    request.operation = std::move(operation);
    request.url = http::with_query(
        fmt::format("{}/{}{}{}", plane.api, service, plane.workspace.to_string(), path), query);
    http::accept_json(request);
    authorize(request);
    return request;
}

http::Request Client::follow(LocalizedText operation, std::string link, std::string origin) const {
    if (!http::same_origin(link, origin)) {
        throw Error(ErrorKind::AzureFailed,
                    localize("Cannot {}: the answer leads to another host, {}.",
                             operation,
                             http::redact_url(link)));
    }
    http::Request request;
    request.operation = std::move(operation);
    request.url = std::move(link);
    http::accept_json(request);
    authorize(request);
    return request;
}

asio::awaitable<Answer> Client::send(http::Request request, std::stop_token stop) {
    const auto operation = request.operation;
    auto exchanged = co_await exchange(std::move(request), std::move(stop));
    co_return answer_of(std::move(exchanged), operation);
}

asio::awaitable<std::optional<Answer>> Client::find(http::Request request, std::stop_token stop) {
    const auto operation = request.operation;
    auto exchanged = co_await exchange(std::move(request), std::move(stop));
    const auto& response = exchanged.response;
    if (response.status == 404 && !container_missing(response)) co_return std::nullopt;
    co_return answer_of(std::move(exchanged), operation);
}

asio::awaitable<http::Response> Client::send_raw(http::Request request,
                                                 std::stop_token stop) const {
    const auto& pipeline = request.scope.empty() ? anonymous_ : authenticated_;
    return pipeline.send(std::move(request), std::move(stop));
}

asio::awaitable<http::Response> Client::ask(http::Request request, std::stop_token stop) {
    auto response = co_await authenticated_.send(request, stop);
    if (!response.tenant.empty())
        identities_[subscription_of(request.url)] = {response.tenant, request.account};
    if (!lacks_version(response)) co_return response;
    const auto asked = fmt::format("api-version={}", api_version::machine_learning);
    const auto at = request.url.find(asked);
    if (at == std::string::npos) co_return response;
    request.url.replace(
        at, asked.size(), fmt::format("api-version={}", api_version::machine_learning_fallback));
    auto second = co_await authenticated_.send(std::move(request), std::move(stop));
    // A region that lacks the service is refused in the same words whatever the version.
    if (lacks_version(second)) co_return response;
    ml_api_version_ = api_version::machine_learning_fallback;
    co_return second;
}

asio::awaitable<Client::Exchange> Client::exchange(http::Request request, std::stop_token stop) {
    const auto operation = request.operation;
    constexpr int most = 3;
    constexpr std::chrono::milliseconds pause{800};
    try {
        for (int attempt = 1;; ++attempt) {
            Exchange exchanged;
            exchanged.response = co_await ask(request, stop);
            if (!http::succeeded(exchanged.response)) co_return exchanged;
            exchanged.body = read_body(exchanged.response);
            // What a gateway cut off is whole the next time, mostly.
            const bool again = !exchanged.body && reads_or_replaces(request) && attempt < most;
            if (!again) co_return exchanged;
            co_await clock_.sleep_for(pause * attempt, stop);
        }
    } catch (const Error& error) {
        switch (error.kind()) {
            case ErrorKind::Unavailable:
            case ErrorKind::TimedOut:
            case ErrorKind::Rejected:
                throw error.with_context(localize("Cannot {}", operation).shown());
            default:
                throw;
        }
    }
}

Answer Client::answer_of(Exchange exchanged, const LocalizedText& operation) const {
    auto& response = exchanged.response;
    if (!http::succeeded(response)) throw error_of(response, operation, clock_.now());
    if (!exchanged.body) throw unreadable(response, operation);
    Answer answer;
    answer.status = response.status;
    answer.body = std::move(*exchanged.body);
    answer.headers = std::move(response.headers);
    return answer;
}

}  // namespace aml::azure
