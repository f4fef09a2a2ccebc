#include "features/auth_feature.hpp"

#include "auth/token_endpoint.hpp"
#include "azure/json_fields.hpp"
#include "features/azure_session.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace aml::features {
namespace {

constexpr auto open_page = Localizable("Copy code and open page");
constexpr auto give_up_button = Localizable("Cancel");

http::AccessToken to_access_token(const protocol::GetTokenResult& result) {
    const auto expires_at = azure::parse_time(result.expiresAt);
    if (!expires_at) {
        throw Error(
            ErrorKind::NotSignedIn,
            localize("The editor's Microsoft session gave a token without a readable expiry."));
    }
    return {.value = result.token, .expires_at = *expires_at};
}

asio::awaitable<void> just_sign_in(auth::Session& session, std::stop_token stop) {
    co_await session.sign_in(std::move(stop));
}

/// What Entra ID said is explained as after any other way to sign in; an editor only passes it on.
Error in_our_words(const Error& error) {
    constexpr std::string_view mark = "AADSTS";
    const auto& text = error.message();
    const auto at = text.find(mark);
    if (error.kind() != ErrorKind::NotSignedIn || at == std::string::npos) return error;
    auth::OauthError refusal{.description = text.substr(at)};
    const char* end = text.data() + text.size();
    std::from_chars(text.data() + at + mark.size(), end, refusal.aadsts);
    return refusal.aadsts == 0 ? error : auth::error_of(refusal);
}

std::string instructions(const auth::DeviceCode& code) {
    return localize("To sign in to Azure, open {} and enter the code {}.",
                    code.verification_uri,
                    code.user_code);
}

/// Puts the code on the clipboard; who cannot be helped so types it.
asio::awaitable<void> copy(Services& services, std::string code, std::stop_token stop) {
    protocol::CopyParams params{.text = std::move(code)};
    try {
        co_await services.client.request<protocol::UiCopy>(std::move(params), std::move(stop));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        services.log.info("the code was not copied: {}", error.message());
    }
}

}  // namespace

AuthFeature::AuthFeature(Services& services, ProgressFeature& progress)
    : services_(services),
      progress_(progress) {
    services_.on_session([this](AzureSession& session) {
        session.access.on_session_change([this] { tell_if_changed(); });
        failure_.clear();
        tell_if_changed();
    });
    reported_ = status();
}

auth::SignInTools AuthFeature::sign_in_tools() {
    auth::SignInTools tools;
    tools.ask_editor = [this](http::TokenRequest request, std::stop_token stop) {
        return ask_editor(std::move(request), std::move(stop));
    };
    tools.show_device_code = [this](auth::DeviceCode code, std::stop_source sign_in) {
        show_device_code(std::move(code), std::move(sign_in));
    };
    tools.list_accounts = [this](std::stop_token stop) { return list_accounts(std::move(stop)); };
    tools.secrets.read = [this](std::string key, std::stop_token stop) {
        return read_secret(std::move(key), std::move(stop));
    };
    tools.secrets.keep = [this](std::string key, Secret value) {
        services_.tasks.spawn(store_secret(std::move(key), std::move(value)));
    };
    tools.pool = &services_.pool;
    return tools;
}

void AuthFeature::bind(rpc::Router& router) {
    router.request<protocol::AuthStatus>(this, &AuthFeature::status_request);
}

asio::awaitable<void> AuthFeature::sign_in(std::stop_token stop) {
    Use use = [](auth::Session& session, std::stop_token inner) {
        return just_sign_in(session, std::move(inner));
    };
    return with_session(std::move(use), std::move(stop));
}

asio::awaitable<void> AuthFeature::sign_in_to(azure::Identity identity, std::stop_token stop) {
    Use use = [identity](auth::Session& session, std::stop_token inner) {
        return session.sign_in_to(identity.tenant, identity.account, std::move(inner));
    };
    return with_session(std::move(use), std::move(stop));
}

asio::awaitable<void> AuthFeature::add_account(std::stop_token stop) {
    Use use = [](auth::Session& session, std::stop_token inner) {
        return session.add_account(std::move(inner));
    };
    return with_session(std::move(use), std::move(stop));
}

asio::awaitable<void> AuthFeature::with_session(Use use, std::stop_token stop) {
    const UserIsPresent present(*this);
    const auto session = services_.session();
    signing_in_ = true;
    failure_.clear();
    tell_if_changed();
    std::exception_ptr failed;
    try {
        auto* connection = co_await session->access.connect(stop);
        auto using_it = use(connection->session, stop);
        co_await std::move(using_it);
    } catch (const Error& error) {
        failed = std::current_exception();
        if (error.kind() != ErrorKind::Cancelled) failure_ = error.message();
    }
    signing_in_ = false;
    // What asks the user is shared by all who wait for it, so it ends only if nobody else does.
    if (stop.stop_requested() && present_ == 1) open_question_.request_stop();
    tell_if_changed();
    if (failed) std::rethrow_exception(failed);
}

void AuthFeature::sign_out() {
    auto* connection = services_.session()->access.connection();
    if (connection != nullptr) connection->session.sign_out();
    failure_.clear();
    tell_if_changed();
}

protocol::AuthInfo AuthFeature::status() const {
    protocol::AuthInfo info;
    const auto session = services_.session();
    const auto* connection = session ? session->access.connection() : nullptr;
    if (connection != nullptr && connection->session.account()) {
        info.state = protocol::AuthState::SignedIn;
        info.account = connection->session.account()->name;
        if (const auto method = connection->session.method())
            info.method = auth::to_string(*method);
        const auto& skipped = connection->session.skipped();
        if (!skipped.empty()) info.passedOver = skipped;
        return info;
    }
    info.state = signing_in_ ? protocol::AuthState::SigningIn : protocol::AuthState::SignedOut;
    if (!failure_.empty()) info.message = failure_;
    return info;
}

asio::awaitable<protocol::AuthInfo> AuthFeature::status_request(protocol::NoParams,
                                                                rpc::RequestContext&) {
    co_return status();
}

asio::awaitable<http::AccessToken> AuthFeature::ask_editor(http::TokenRequest request,
                                                           std::stop_token stop) {
    protocol::GetTokenParams params{.scopes = {request.scope}};
    if (!request.tenant.empty()) params.tenant = request.tenant;
    if (request.account == auth::another_account) {
        params.chooseAccount = true;
    } else if (!request.account.empty()) {
        params.account = request.account;
    }
    if (auto cloud = authority(); !cloud.empty()) params.authority = std::move(cloud);
    if (!request.claims.empty()) params.claims = request.claims;
    std::stop_source question;
    auto pass_on = [&question] { question.request_stop(); };
    std::stop_callback on_stop(stop, pass_on);
    open_question_ = question;
    for (;;) {
        const bool interactive = present_ > 0;
        params.interactive = interactive;
        try {
            const auto result = co_await services_.client.request<protocol::AuthGetToken>(
                params, question.get_token());
            if (request.account.empty()) lent_ = result.account;
            co_return to_access_token(result);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::MethodNotFound) break;
            // Whoever pressed Sign in meanwhile shares this answer, and may be asked.
            const bool may_ask = !interactive && present_ > 0;
            if (!may_ask || error.kind() != ErrorKind::NotSignedIn) throw in_our_words(error);
        }
    }
    throw Error(ErrorKind::NotSignedIn,
                localize("This editor has no Microsoft session to sign in with."));
}

std::string AuthFeature::authority() const {
    const auto session = services_.session();
    const auto* connection = session ? session->access.connection() : nullptr;
    return connection == nullptr ? std::string() : connection->client.cloud().authority;
}

// A client that lends one session only, or none, need not know of accounts.
asio::awaitable<std::vector<auth::AccountReference>> AuthFeature::list_accounts(
    std::stop_token stop) {
    std::vector<auth::AccountReference> accounts;
    try {
        const auto found = co_await editor_accounts(stop);
        for (const auto& account : found)
            accounts.push_back({.id = account.id, .name = account.label});
    } catch (const Error& error) {
        if (stop.stop_requested()) throw;
        services_.log.debug("the editor lists no accounts: {}", error.message());
    }
    co_return accounts;
}

asio::awaitable<std::vector<protocol::AccountInfo>> AuthFeature::editor_accounts(
    std::stop_token stop) {
    protocol::AccountsParams params;
    if (auto cloud = authority(); !cloud.empty()) params.authority = std::move(cloud);
    auto result = co_await services_.client.request<protocol::AuthAccounts>(params, stop);
    co_return std::move(result.accounts);
}

asio::awaitable<bool> AuthFeature::has_lost_account(std::stop_token stop) {
    if (status().method != protocol::AuthMethod::Editor) co_return false;
    const auto lent = lent_;
    std::vector<protocol::AccountInfo> accounts;
    try {
        auto found = co_await editor_accounts(stop);
        accounts = std::move(found);
    } catch (const Error& error) {
        if (stop.stop_requested()) throw;
        services_.log.debug("the editor lists no accounts: {}", error.message());
        co_return false;
    }
    const bool is_there = std::any_of(accounts.begin(), accounts.end(), [&](const auto& account) {
        return account.label == lent;
    });
    // Someone may have signed in again meanwhile, or in another way.
    const bool is_in_use = status().method == protocol::AuthMethod::Editor && lent == lent_;
    co_return is_in_use && !is_there;
}

asio::awaitable<Secret> AuthFeature::read_secret(std::string key, std::stop_token stop) {
    protocol::ReadSecretParams params{.key = std::move(key)};
    auto result = co_await services_.client.request<protocol::AuthReadSecret>(std::move(params),
                                                                              std::move(stop));
    co_return std::move(result.value).value_or(Secret());
}

// Without a secret storage the sign-in lasts as long as this program.
asio::awaitable<void> AuthFeature::store_secret(std::string key, Secret value) {
    protocol::StoreSecretParams params{.key = std::move(key)};
    if (!value.empty()) params.value = std::move(value);
    try {
        co_await services_.client.request<protocol::AuthStoreSecret>(std::move(params),
                                                                     services_.tasks.stop_token());
    } catch (const Error& error) {
        services_.log.info("the sign-in is not kept for the next session: {}", error.message());
    }
}

void AuthFeature::show_device_code(auth::DeviceCode code, std::stop_source sign_in) {
    if (present_ == 0) {
        throw Error(ErrorKind::NotSignedIn,
                    localize("You are not signed in to Azure; choose Sign in to get a code."));
    }
    open_question_ = sign_in;
    services_.tasks.spawn(guide(std::move(code), std::move(sign_in)));
}

asio::awaitable<void> AuthFeature::guide(auth::DeviceCode code, std::stop_source sign_in) {
    protocol::ShowMessageRequestParams question{.type = protocol::MessageType::Info,
                                                .message = instructions(code)};
    const std::string open = localize(open_page);
    const std::string cancel = localize(give_up_button);
    question.actions = {{.title = open}, {.title = cancel}};
    const auto pressed = co_await services_.client.request<protocol::WindowShowMessageRequest>(
        question, sign_in.get_token());
    if (pressed && pressed->title == cancel) {
        sign_in.request_stop();
        co_return;
    }
    if (pressed && pressed->title == open) {
        co_await copy(services_, code.user_code, sign_in.get_token());
        protocol::ShowDocumentParams page{.uri = code.verification_uri, .external = true};
        co_await services_.client.request<protocol::WindowShowDocument>(page, sign_in.get_token());
    }
    // The code once more for whoever has not entered it yet: the message that had it is gone.
    auto progress =
        progress_.begin(localize("Signing in to Azure"), ProgressFeature::Cancel::Offered);
    auto give_up = [sign_in]() mutable { sign_in.request_stop(); };
    std::stop_callback on_cancel(progress.stop_token(), give_up);
    progress.report(localize("Enter the code {} at {}", code.user_code, code.verification_uri));
    // The progress stays until the sign-in is over; a message that was only dismissed ends nothing.
    co_await services_.clock.sleep_until(code.expires_at, sign_in.get_token());
}

void AuthFeature::tell_if_changed() {
    auto now = status();
    if (now == reported_) return;
    reported_ = now;
    if (now.state == protocol::AuthState::SignedIn) {
        services_.log.info(
            "signed in as {} with {}; passed over: {}",
            now.account.value_or("?"),
            now.method ? now.method->text() : "?",
            now.passedOver ? fmt::format("{}", fmt::join(*now.passedOver, "; ")) : "nothing");
    }
    services_.client.notify<protocol::AuthDidChange>(std::move(now));
}

}  // namespace aml::features
