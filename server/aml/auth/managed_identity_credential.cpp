#include "auth/managed_identity_credential.hpp"

#include "async/run_blocking.hpp"
#include "auth/answer.hpp"
#include "http/url.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace aml::auth {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::string_view imds = "http://169.254.169.254";
constexpr std::uintmax_t longest_key = 4096;
// A machine does not move into Azure; only its network may come up late.
constexpr auto absent_for = 5min;

std::string resource_of(std::string scope) {
    constexpr std::string_view suffix = "/.default";
    if (scope.ends_with(suffix)) scope.resize(scope.size() - suffix.size());
    return scope;
}

/// Some sources explain themselves with an object.
std::string explanation(const json& answer, const char* name) {
    const auto found = answer.find(name);
    if (found == answer.end()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string name_of(IdentitySource source) {
    switch (source) {
        case IdentitySource::AppService:
            return "App Service";
        case IdentitySource::AzureMl:
            return "Azure Machine Learning";
        case IdentitySource::CloudShell:
            return "Cloud Shell";
        case IdentitySource::Arc:
            return "Azure Arc";
        case IdentitySource::VirtualMachine:
            return localize("the virtual machine");
    }
    return "";
}

Error not_here() {
    return {ErrorKind::NotSignedIn,
            localize(
                "This machine has no managed identity: it is not in Azure, or its metadata service "
                "(169.254.169.254) cannot be reached.")};
}

Error not_assigned(const ManagedIdentitySettings& settings) {
    if (settings.client_id.empty()) {
        return {
            ErrorKind::NotSignedIn,
            localize(
                "No identity is assigned to this machine; assign one in the Azure portal, or set "
                "AZURE_CLIENT_ID to a user-assigned one.")};
    }
    return {ErrorKind::NotSignedIn,
            localize("The identity {} (AZURE_CLIENT_ID) is not assigned to this machine; assign "
                     "it in the Azure portal.",
                     settings.client_id)};
}

Error refused(IdentitySource source, const http::Response& response) {
    const auto answer = json::parse(response.body, nullptr, false);
    std::string reason;
    if (answer.is_object()) {
        reason = explanation(answer, "error_description");
        if (reason.empty()) reason = explanation(answer, "message");
        if (reason.empty()) reason = explanation(answer, "error");
    }
    while (reason.ends_with('.')) reason.pop_back();
    if (reason.empty()) reason = localize("no reason given");
    ErrorDetails details;
    details.http_status = response.status;
    return {ErrorKind::NotSignedIn,
            localize("The identity service of {} gave no token: {} (HTTP status {}).",
                     name_of(source),
                     reason,
                     response.status),
            details};
}

/// The agent's key, which only administrators of the machine can read. Runs on the pool.
Secret read_arc_key(const std::string& folder, const std::string& file) {
    const std::filesystem::path path(file);
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    const bool proper = path.parent_path() == std::filesystem::path(folder) &&
                        path.extension() == ".key" && !failure && size <= longest_key;
    std::ifstream input(path, std::ios::binary);
    if (!proper || !input) {
        throw Error(ErrorKind::NotSignedIn,
                    localize("The key of Azure Arc's agent ({}) cannot be read; this user has to "
                             "be in the group himds.",
                             file));
    }
    return Secret(
        std::string(std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()));
}

}  // namespace

IdentitySource source_of(const ManagedIdentitySettings& settings) {
    if (!settings.identity_endpoint.empty() && !settings.identity_header.empty())
        return IdentitySource::AppService;
    if (!settings.msi_endpoint.empty()) {
        return settings.msi_secret.empty() ? IdentitySource::CloudShell : IdentitySource::AzureMl;
    }
    if (!settings.identity_endpoint.empty() && !settings.imds_endpoint.empty())
        return IdentitySource::Arc;
    return IdentitySource::VirtualMachine;
}

ManagedIdentityCredential::ManagedIdentityCredential(const http::Pipeline& anonymous,
                                                     async::Clock& clock,
                                                     asio::thread_pool& pool,
                                                     ManagedIdentitySettings settings)
    : anonymous_(anonymous),
      clock_(clock),
      pool_(pool),
      settings_(std::move(settings)),
      source_(source_of(settings_)) {}

http::Request ManagedIdentityCredential::request_for(const std::string& resource) const {
    http::Request request;
    request.operation = localize("get a token of the machine's identity");
    request.timeout = 30s;
    request.headers.set("Accept", "application/json");
    const auto& id = settings_.client_id;
    switch (source_) {
        case IdentitySource::AppService:
            request.url = http::with_query(
                settings_.identity_endpoint,
                {{"api-version", "2019-08-01"}, {"resource", resource}, {"client_id", id}});
            // The header is what the secret is for.
            request.headers.set("X-IDENTITY-HEADER", settings_.identity_header.reveal());
            break;
        case IdentitySource::AzureMl:
            request.url = http::with_query(
                settings_.msi_endpoint,
                {{"api-version", "2017-09-01"}, {"resource", resource}, {"clientid", id}});
            // As above.
            request.headers.set("secret", settings_.msi_secret.reveal());
            break;
        case IdentitySource::CloudShell:
            request.method = http::Method::Post;
            request.repeat = http::Repeat::Safe;
            request.url = settings_.msi_endpoint;
            request.headers.set("Metadata", "true");
            request.headers.set("Content-Type", "application/x-www-form-urlencoded");
            request.body = http::Body("resource=" + http::percent_encode(resource));
            break;
        case IdentitySource::Arc:
            request.url = http::with_query(settings_.identity_endpoint,
                                           {{"api-version", "2019-11-01"}, {"resource", resource}});
            request.headers.set("Metadata", "true");
            break;
        case IdentitySource::VirtualMachine:
            request.url = http::with_query(
                (settings_.imds_host.empty() ? std::string(imds) : settings_.imds_host) +
                    "/metadata/identity/oauth2/token",
                {{"api-version", "2018-02-01"}, {"resource", resource}, {"client_id", id}});
            request.headers.set("Metadata", "true");
            break;
    }
    return request;
}

// Outside Azure nobody answers at the metadata address, and nobody should wait long to learn it: a
// request without its mandatory header is refused at once where there is such a service.
asio::awaitable<void> ManagedIdentityCredential::probe(std::stop_token stop) {
    if (clock_.now() < absent_until_) throw not_here();
    auto request = request_for("probe");
    request.headers.remove("Metadata");
    request.timeout = 1s;
    request.repeat = http::Repeat::Never;
    try {
        co_await anonymous_.send(std::move(request), std::move(stop));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        absent_until_ = clock_.now() + absent_for;
        throw not_here();
    }
    probed_ = true;
}

// A machine that has just started may not know its identity yet: 404 and 410 pass.
asio::awaitable<http::Response> ManagedIdentityCredential::ask(http::Request request,
                                                               std::stop_token stop) {
    constexpr std::array waits{800ms, 1'600ms, 3'200ms};
    for (const auto wait : waits) {
        auto response = co_await anonymous_.send(request, stop);
        const bool starting = source_ == IdentitySource::VirtualMachine &&
                              (response.status == 404 || response.status == 410);
        if (!starting) co_return response;
        co_await clock_.sleep_for(wait, stop);
    }
    auto last = co_await anonymous_.send(std::move(request), std::move(stop));
    co_return last;
}

asio::awaitable<http::Response> ManagedIdentityCredential::answer_challenge(
    http::Request request, http::Response challenge, std::stop_token stop) {
    constexpr std::string_view realm = "Basic realm=";
    const auto header = challenge.headers.get("WWW-Authenticate").value_or("");
    if (!header.starts_with(realm)) throw refused(source_, challenge);
    auto work = [folder = settings_.arc_key_folder, file = header.substr(realm.size())] {
        return read_arc_key(folder, file);
    };
    const auto key = co_await async::run_blocking(pool_, std::move(work));
    // The agent compares it with its own.
    request.headers.set("Authorization", "Basic " + key.reveal());
    auto response = co_await anonymous_.send(std::move(request), std::move(stop));
    co_return response;
}

http::AccessToken ManagedIdentityCredential::token_of(const http::Response& response) const {
    if (response.status == 400 && source_ == IdentitySource::VirtualMachine)
        throw not_assigned(settings_);
    if (!http::succeeded(response)) throw refused(source_, response);
    const auto answer = json::parse(response.body, nullptr, false);
    http::AccessToken token;
    if (answer.is_object()) token.value = Secret(text_of(answer, "access_token"));
    if (token.value.empty()) throw refused(source_, response);
    const auto now = clock_.now();
    const auto expires_on = seconds_of(answer, "expires_on");
    const auto expires_in = seconds_of(answer, "expires_in");
    if (expires_on) {
        token.expires_at = async::Clock::TimePoint(*expires_on);
    } else {
        token.expires_at = now + expires_in.value_or(5min);
    }
    // These tokens live for a day; as the SDKs do, the second half of it is for renewing.
    const auto left = token.expires_at - now;
    if (const auto refresh_in = seconds_of(answer, "refresh_in")) {
        token.refresh_at = now + *refresh_in;
    } else if (left > 2h) {
        token.refresh_at = now + left / 2;
    }
    return token;
}

asio::awaitable<http::AccessToken> ManagedIdentityCredential::token(http::TokenRequest request,
                                                                    std::stop_token stop) {
    if (source_ == IdentitySource::VirtualMachine && !probed_) co_await probe(stop);
    const auto wanted = request_for(resource_of(std::move(request.scope)));
    auto response = co_await ask(wanted, stop);
    if (source_ == IdentitySource::Arc && response.status == 401) {
        auto again = co_await answer_challenge(wanted, std::move(response), std::move(stop));
        response = std::move(again);
    }
    co_return token_of(response);
}

}  // namespace aml::auth
