#include "auth/azure_cli_credential.hpp"

#include "async/child_process.hpp"
#include "async/run_blocking.hpp"
#include "platform/process.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <iomanip>
#include <sstream>

namespace aml::auth {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds failure_stands{15};
constexpr std::size_t longest_reason = 300;

/// What goes into the command line consists of the characters that scopes and tenants have.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char letter) {
        return std::isalnum(letter) != 0 ||
               std::string_view(".-_:/").find(static_cast<char>(letter)) != std::string_view::npos;
    });
}

async::ProgramCall call_of(const std::filesystem::path& az,
                           const std::string& scope,
                           const std::string& tenant,
                           std::chrono::milliseconds timeout) {
    async::ProgramCall call;
    call.arguments = {
        az.string(), "account", "get-access-token", "--output", "json", "--scope", scope};
    if (!tenant.empty()) call.arguments.insert(call.arguments.end(), {"--tenant", tenant});
    call.environment = {{"AZURE_CORE_NO_COLOR", "true"}, {"AZURE_CORE_ONLY_SHOW_ERRORS", "true"}};
    call.timeout = timeout;
    return call;
}

/// Runs on the pool.
http::AccessToken ask(const std::string& path,
                      const std::string& scope,
                      const std::string& tenant,
                      std::chrono::milliseconds timeout,
                      std::stop_token stop) {
    const auto az = platform::find_program("az", path);
    if (az.empty()) {
        throw Error(ErrorKind::NotSignedIn,
                    localize("The Azure CLI is not installed: there is no az in PATH."));
    }
    const auto result = async::run_program(call_of(az, scope, tenant, timeout), std::move(stop));
    if (!result.exit_code) {
        throw Error(ErrorKind::TimedOut,
                    localize("The Azure CLI ({}) did not answer within {} seconds; try "
                             "\"az account get-access-token\" in a terminal.",
                             az.string(),
                             std::chrono::duration_cast<std::chrono::seconds>(timeout).count()));
    }
    if (*result.exit_code != 0) throw cli_failure(result.errors);
    return parse_cli_token(result.output);
}

/// "2026-01-31 12:34:56.000000", local time.
std::optional<async::Clock::TimePoint> parse_local_time(const std::string& text) {
    std::tm parts{};
    std::istringstream input(text);
    input >> std::get_time(&parts, "%Y-%m-%d %H:%M:%S");
    if (input.fail()) return std::nullopt;
    parts.tm_isdst = -1;
    const auto time = std::mktime(&parts);
    if (time == -1) return std::nullopt;
    return std::chrono::system_clock::from_time_t(time);
}

/// Tokens never leave through a message, whatever the CLI prints.
std::string without_tokens(std::string text) {
    for (auto start = text.find("eyJ"); start != std::string::npos;
         start = text.find("eyJ", start + 1)) {
        const auto is_part = [](unsigned char letter) {
            return std::isalnum(letter) != 0 || letter == '-' || letter == '_' || letter == '.';
        };
        const auto begin = text.begin() + static_cast<std::ptrdiff_t>(start);
        const auto end = std::find_if_not(begin, text.end(), is_part);
        text.replace(begin, end, "***");
    }
    return text;
}

/// The sentence behind the last "ERROR: ", on one line; the whole text when there is none.
std::string reason_of(std::string_view errors) {
    const auto mark = errors.find("ERROR: ");
    if (mark != std::string_view::npos) errors.remove_prefix(mark + 7);
    std::string reason;
    for (const char letter : errors) {
        const bool blank = std::isspace(static_cast<unsigned char>(letter)) != 0;
        if (!blank) reason += letter;
        if (blank && !reason.empty() && !reason.ends_with(' ')) reason += ' ';
    }
    reason = without_tokens(std::move(reason));
    reason = reason.substr(0, reason.find(" Trace ID:"));
    if (reason.size() > longest_reason) reason = reason.substr(0, longest_reason) + "…";
    while (reason.ends_with(' ') || reason.ends_with('.')) reason.pop_back();
    return reason;
}

}  // namespace

http::AccessToken parse_cli_token(std::string_view output) {
    const auto answer = json::parse(output, nullptr, false);
    http::AccessToken token;
    std::optional<async::Clock::TimePoint> expires_at;
    if (answer.is_object()) {
        token.value = Secret(answer.value("accessToken", ""));
        const auto epoch = answer.find("expires_on");
        const auto local = answer.find("expiresOn");
        if (epoch != answer.end() && epoch->is_number_integer()) {
            expires_at = std::chrono::system_clock::from_time_t(epoch->get<std::time_t>());
        } else if (local != answer.end() && local->is_string()) {
            expires_at = parse_local_time(local->get<std::string>());
        }
    }
    if (token.value.empty() || !expires_at) {
        throw Error(
            ErrorKind::NotSignedIn,
            localize("The Azure CLI answered without a token; try \"az account get-access-token\" "
                     "in a terminal, and update the Azure CLI if it looks right there."));
    }
    token.expires_at = *expires_at;
    return token;
}

Error cli_failure(std::string_view errors) {
    const auto has = [errors](std::string_view text) {
        return errors.find(text) != std::string_view::npos;
    };
    constexpr std::array<std::string_view, 4> no_connection{
        "ConnectionError", "Max retries exceeded", "NameResolutionError", "ProxyError"};
    const auto reason = reason_of(errors);
    if (std::any_of(no_connection.begin(), no_connection.end(), has)) {
        return {ErrorKind::Unavailable, localize("The Azure CLI cannot reach Azure: {}.", reason)};
    }
    const bool signed_out = (has("az login") || has("az account set")) && !has("AADSTS");
    if (signed_out) {
        return {ErrorKind::NotSignedIn,
                localize("Nobody is signed in to the Azure CLI; run \"az login\" in a terminal.")};
    }
    if (reason.empty()) {
        return {
            ErrorKind::NotSignedIn,
            localize(
                "The Azure CLI failed without saying why; try \"az account get-access-token\" in a "
                "terminal.")};
    }
    return {ErrorKind::NotSignedIn,
            localize("The Azure CLI says: {}. If its sign-in has ended, run \"az login\" in a "
                     "terminal.",
                     reason)};
}

AzureCliCredential::AzureCliCredential(asio::thread_pool& pool,
                                       async::Clock& clock,
                                       std::string path,
                                       std::string tenant,
                                       std::chrono::milliseconds timeout)
    : pool_(pool),
      clock_(clock),
      path_(std::move(path)),
      tenant_(std::move(tenant)),
      timeout_(timeout) {}

asio::awaitable<http::AccessToken> AzureCliCredential::token(http::TokenRequest request,
                                                             std::stop_token stop) {
    const auto tenant = request.tenant.empty() ? tenant_ : request.tenant;
    if (!is_plain(request.scope) || !is_plain(tenant)) {
        throw Error(ErrorKind::NotSignedIn,
                    localize("\"{}\" cannot be the id of a tenant.", tenant));
    }
    if (!request.claims.empty()) {
        throw Error(
            ErrorKind::NotSignedIn,
            localize("Your organisation asks for another sign-in, which the Azure CLI cannot do "
                     "by itself: run az login{} --claims-challenge {} in a terminal.",
                     tenant.empty() ? "" : " --tenant " + tenant,
                     request.claims));
    }
    const auto known = failures_.find(tenant);
    if (known != failures_.end() && clock_.now() < known->second.until) throw known->second.error;
    auto work = [path = path_, scope = request.scope, tenant, timeout = timeout_, stop] {
        return ask(path, scope, tenant, timeout, stop);
    };
    try {
        auto token = co_await async::run_blocking(pool_, std::move(work));
        failures_.erase(tenant);
        co_return token;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Cancelled)
            failures_.insert_or_assign(tenant, Failure{error, clock_.now() + failure_stands});
        throw;
    }
}

}  // namespace aml::auth
