#include "auth/session.hpp"

#include "auth/choice.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace aml::auth {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

std::string_view to_string(Method method) {
    switch (method) {
        case Method::Auto:
            return "auto";
        case Method::Editor:
            return "editor";
        case Method::DeviceCode:
            return "deviceCode";
        case Method::ServicePrincipal:
            return "servicePrincipal";
    }
    return "auto";
}

std::optional<Method> parse_method(std::string_view text) {
    for (const auto method :
         {Method::Auto, Method::Editor, Method::DeviceCode, Method::ServicePrincipal}) {
        if (to_string(method) == text) return method;
    }
    return std::nullopt;
}

std::string_view describe(Method method) {
    switch (method) {
        case Method::Auto:
            return "the first way that works";
        case Method::Editor:
            return "the editor's Microsoft session";
        case Method::DeviceCode:
            return "a code entered in the browser";
        case Method::ServicePrincipal:
            return "the service principal from the environment";
    }
    return "";
}

SignInSettings SignInSettings::from_environment(Method method) {
    SignInSettings settings;
    settings.method = method;
    settings.tenant = variable("AZURE_TENANT_ID");
    settings.client_id = variable("AZURE_CLIENT_ID");
    settings.client_secret = Secret(variable("AZURE_CLIENT_SECRET"));
    return settings;
}

/// The credentials behind the cache.
class Session::Source final {
public:
    Source(TokenEndpoint endpoint,
           async::Clock& clock,
           const http::Cloud& cloud,
           const SignInSettings& settings,
           SignInWays ways)
        : choice(ways_of(std::move(endpoint), clock, cloud, settings, std::move(ways)),
                 settings.method) {}

    std::vector<Choice::Way> ways_of(TokenEndpoint endpoint,
                                     async::Clock& clock,
                                     const http::Cloud& cloud,
                                     const SignInSettings& settings,
                                     SignInWays ways) {
        std::vector<Choice::Way> result;
        result.push_back(principal(endpoint, settings));
        result.push_back(editor(std::move(ways.ask_editor)));
        result.push_back(
            device(std::move(endpoint), clock, cloud, settings, std::move(ways.show_device_code)));
        return result;
    }

    Choice choice;

private:
    static Choice::Way principal(const TokenEndpoint& endpoint, const SignInSettings& settings) {
        Choice::Way way{Method::ServicePrincipal};
        for (const auto& [name, missing] :
             {std::pair("AZURE_TENANT_ID", settings.tenant.empty()),
              std::pair("AZURE_CLIENT_ID", settings.client_id.empty()),
              std::pair("AZURE_CLIENT_SECRET", settings.client_secret.empty())}) {
            if (missing && way.unavailable.empty())
                way.unavailable = fmt::format("{} is not set", name);
        }
        way.credential = std::make_unique<ClientSecretCredential>(
            endpoint, settings.tenant, settings.client_id, settings.client_secret);
        return way;
    }

    static Choice::Way editor(AskEditor ask) {
        Choice::Way way{Method::Editor};
        if (!ask) way.unavailable = "no editor is connected that could lend its session";
        way.credential = std::make_unique<EditorCredential>(std::move(ask));
        return way;
    }

    static Choice::Way device(TokenEndpoint endpoint,
                              async::Clock& clock,
                              const http::Cloud& cloud,
                              const SignInSettings& settings,
                              ShowDeviceCode show) {
        Choice::Way way{Method::DeviceCode};
        if (!show) way.unavailable = "nobody is there to enter a code";
        const auto tenant = settings.tenant.empty() ? cloud.tenant : settings.tenant;
        auto credential = std::make_unique<DeviceCodeCredential>(
            std::move(endpoint), clock, tenant, default_public_client(), std::move(show));
        way.sign_out = [signed_in = credential.get()] { signed_in->sign_out(); };
        way.credential = std::move(credential);
        return way;
    }
};

Session::Session(const http::Pipeline& anonymous,
                 async::Clock& clock,
                 async::TaskGroup& group,
                 http::Cloud cloud,
                 SignInSettings settings,
                 SignInWays ways)
    : cloud_(std::move(cloud)),
      source_(std::make_unique<Source>(TokenEndpoint(anonymous, clock, cloud_.authority),
                                       clock,
                                       cloud_,
                                       settings,
                                       std::move(ways))),
      cache_(std::make_unique<TokenCache>(source_->choice, clock, group)) {}

Session::~Session() = default;

asio::awaitable<http::AccessToken> Session::token(http::TokenRequest request,
                                                  std::stop_token stop) {
    const auto before = sign_outs_;
    auto token = co_await cache_->token(std::move(request), std::move(stop));
    // A token that arrives after the user signed out does not sign them in again.
    if (before == sign_outs_) note(token);
    co_return token;
}

asio::awaitable<Account> Session::sign_in(std::stop_token stop) {
    http::TokenRequest request;
    request.scope = cloud_.arm_scope;
    co_await token(std::move(request), std::move(stop));
    co_return account_.value_or(Account{});
}

void Session::sign_out() {
    ++sign_outs_;
    source_->choice.sign_out();
    cache_->clear();
    account_.reset();
    reported_.reset();
    if (on_change_) on_change_();
}

std::optional<Method> Session::method() const {
    return source_->choice.chosen();
}

const std::vector<std::string>& Session::passed_over() const {
    return source_->choice.passed_over();
}

void Session::note(const http::AccessToken& token) {
    auto account = account_of(token.value);
    // Tokens for guest tenants name the same person; the first one stays.
    if (!account || (account_ && reported_ == method())) return;
    account_ = std::move(account);
    reported_ = method();
    if (on_change_) on_change_();
}

}  // namespace aml::auth
