#include "features/auth_feature.hpp"

#include "azure/json_fields.hpp"
#include "features/workbench.hpp"
#include "http/base64.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace aml::features {
namespace {

constexpr const char* open_page = "Open page";
constexpr const char* give_up_button = "Cancel";

http::AccessToken to_access_token(const protocol::GetTokenResult& result) {
    const auto expires_at = azure::parse_time(result.expiresAt);
    if (!expires_at) {
        throw Error(ErrorKind::NotSignedIn,
                    "The editor's Microsoft session gave a token without a readable expiry.");
    }
    return {.value = result.token, .expires_at = *expires_at};
}

std::string instructions(const auth::DeviceCode& code) {
    return fmt::format("To sign in to Azure, open {} and enter the code {}.",
                       code.verification_uri,
                       code.user_code);
}

}  // namespace

AuthFeature::AuthFeature(Services& services, ProgressFeature& progress)
    : services_(services),
      progress_(progress) {
    services_.sign_in_ways.ask_editor = [this](http::TokenRequest request, std::stop_token stop) {
        return ask_editor(std::move(request), std::move(stop));
    };
    services_.sign_in_ways.show_device_code = [this](auth::DeviceCode code,
                                                     std::stop_source sign_in) {
        show_device_code(std::move(code), std::move(sign_in));
    };
    services_.on_workbench([this](Workbench& workbench) {
        workbench.access.on_session_change([this] { tell_if_changed(); });
        failure_.clear();
        tell_if_changed();
    });
    told_ = status();
}

void AuthFeature::bind(rpc::Router& router) {
    router.request<protocol::AuthStatus>(this, &AuthFeature::status_request);
}

asio::awaitable<void> AuthFeature::sign_in(std::stop_token stop) {
    const UserIsPresent present(*this);
    const auto workbench = services_.workbench();
    signing_in_ = true;
    failure_.clear();
    tell_if_changed();
    std::exception_ptr failed;
    try {
        auto* connection = co_await workbench->access.connect(stop);
        co_await connection->session.sign_in(stop);
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
    auto* connection = services_.workbench()->access.connection();
    if (connection != nullptr) connection->session.sign_out();
    failure_.clear();
    tell_if_changed();
}

protocol::AuthInfo AuthFeature::status() const {
    protocol::AuthInfo info;
    const auto workbench = services_.workbench();
    const auto* connection = workbench ? workbench->access.connection() : nullptr;
    if (connection != nullptr && connection->session.account()) {
        info.state = protocol::AuthState::SignedIn;
        info.account = connection->session.account()->name;
        if (const auto method = connection->session.method())
            info.method = auth::to_string(*method);
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
    protocol::GetTokenParams params{.scopes = {request.scope}, .interactive = present_ > 0};
    if (!request.tenant.empty()) params.tenant = request.tenant;
    if (!request.claims.empty()) params.claims = http::base64_encode(request.claims);
    std::stop_source question;
    auto pass_on = [&question] { question.request_stop(); };
    std::stop_callback on_stop(stop, pass_on);
    open_question_ = question;
    try {
        const auto result =
            co_await services_.client.request<protocol::AuthGetToken>(params, question.get_token());
        co_return to_access_token(result);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::MethodNotFound) throw;
    }
    throw Error(ErrorKind::NotSignedIn, "This editor has no Microsoft session to sign in with.");
}

void AuthFeature::show_device_code(auth::DeviceCode code, std::stop_source sign_in) {
    if (present_ == 0) throw Error(ErrorKind::NotSignedIn, "You are not signed in to Azure.");
    open_question_ = sign_in;
    services_.tasks.spawn(guide(std::move(code), std::move(sign_in)));
}

asio::awaitable<void> AuthFeature::guide(auth::DeviceCode code, std::stop_source sign_in) {
    auto progress = progress_.begin("Signing in to Azure", ProgressFeature::Cancel::Offered);
    progress.report(fmt::format("Enter the code {} at {}", code.user_code, code.verification_uri));
    auto give_up = [sign_in]() mutable { sign_in.request_stop(); };
    std::stop_callback on_cancel(progress.stop_token(), give_up);

    protocol::ShowMessageRequestParams question{.type = protocol::MessageType::Info,
                                                .message = instructions(code)};
    question.actions = {{.title = open_page}, {.title = give_up_button}};
    const auto pressed = co_await services_.client.request<protocol::WindowShowMessageRequest>(
        question, sign_in.get_token());
    if (pressed && pressed->title == give_up_button) sign_in.request_stop();
    if (pressed && pressed->title == open_page) {
        protocol::ShowDocumentParams page{.uri = code.verification_uri, .external = true};
        co_await services_.client.request<protocol::WindowShowDocument>(page, sign_in.get_token());
    }
    // The progress stays until the sign-in is over; a message that was only dismissed ends nothing.
    co_await services_.clock.sleep_until(code.expires_at, sign_in.get_token());
}

void AuthFeature::tell_if_changed() {
    auto now = status();
    if (now == told_) return;
    told_ = now;
    services_.client.notify<protocol::AuthDidChange>(std::move(now));
}

}  // namespace aml::features
