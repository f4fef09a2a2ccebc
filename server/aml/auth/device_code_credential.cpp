#include "auth/device_code_credential.hpp"

#include "auth/answer.hpp"
#include "support/json.hpp"
#include "support/scope_exit.hpp"

#include <algorithm>
#include <utility>

namespace aml::auth {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr auto usual_interval = 5s;
constexpr auto slow_down = 5s;
constexpr auto usual_lifetime = 900s;

/// With a refresh token, and who signed in.
std::string interactive_scope(const std::string& scope) {
    return scope + " offline_access openid profile";
}

}  // namespace

std::string default_public_client() {
    return "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
}

DeviceCodeCredential::DeviceCodeCredential(TokenEndpoint endpoint,
                                           async::Clock& clock,
                                           std::string tenant,
                                           std::string client_id,
                                           ShowDeviceCode show,
                                           SecretStore store)
    : endpoint_(std::move(endpoint)),
      clock_(clock),
      tenant_(std::move(tenant)),
      client_id_(std::move(client_id)),
      show_(std::move(show)),
      store_(std::move(store)) {}

asio::awaitable<http::AccessToken> DeviceCodeCredential::token(http::TokenRequest request,
                                                               std::stop_token stop) {
    co_await recall(stop);
    const auto tenant = request.tenant.empty() ? tenant_ : request.tenant;
    const auto refreshed = co_await refresh(tenant, request, stop);
    if (const auto* token = std::get_if<http::AccessToken>(&refreshed)) co_return *token;
    const auto& refusal = std::get<std::optional<OauthError>>(refreshed);
    try {
        const auto grant = co_await sign_in(tenant, std::move(request), std::move(stop));
        keep(tenant, grant);
        co_return grant.token;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::NotSignedIn || !refusal) throw;
    }
    throw error_of(*refusal);
}

asio::awaitable<void> DeviceCodeCredential::recall(std::stop_token stop) {
    if (recalled_ || !store_) co_return;
    Secret saved;
    try {
        auto reading = store_.read(store_key(), std::move(stop));
        saved = co_await std::move(reading);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    if (std::exchange(recalled_, true)) co_return;
    // Read back into the tokens it was written from.
    const auto tokens = json::parse(saved.reveal(), nullptr, false);
    if (!tokens.is_object()) co_return;
    for (const auto& [tenant, token] : tokens.items()) {
        if (token.is_string()) refresh_tokens_.emplace(tenant, Secret(token.get<std::string>()));
    }
}

asio::awaitable<DeviceCodeCredential::Refreshed> DeviceCodeCredential::refresh(
    std::string tenant, http::TokenRequest request, std::stop_token stop) {
    // A refresh token of one tenant usually serves the others the user belongs to.
    auto known = refresh_tokens_.find(tenant);
    if (known == refresh_tokens_.end()) known = refresh_tokens_.begin();
    if (known == refresh_tokens_.end()) co_return std::nullopt;
    Form form;
    form.emplace_back("grant_type", Secret("refresh_token"));
    form.emplace_back("client_id", Secret(client_id_));
    form.emplace_back("refresh_token", known->second);
    form.emplace_back("scope", Secret(interactive_scope(request.scope)));
    add_claims(form, request);
    const auto answer = co_await endpoint_.request_token(tenant, std::move(form), std::move(stop));
    if (const auto* refusal = std::get_if<OauthError>(&answer)) {
        // Expired or revoked, or another proof is wanted: the user signs in anew.
        if (refresh_tokens_.erase(tenant) > 0) save();
        co_return std::optional(*refusal);
    }
    const auto& grant = std::get<Grant>(answer);
    keep(tenant, grant);
    co_return grant.token;
}

std::string DeviceCodeCredential::store_key() const {
    return "refreshTokens " + endpoint_.authority();
}

void DeviceCodeCredential::save() const {
    if (!store_) return;
    auto tokens = json::object();
    // The secret storage is the one place they may go.
    for (const auto& [tenant, token] : refresh_tokens_) tokens[tenant] = token.reveal();
    store_.keep(store_key(), refresh_tokens_.empty() ? Secret() : Secret(tokens.dump()));
}

void DeviceCodeCredential::keep(const std::string& tenant, const Grant& grant) {
    if (grant.refresh_token.empty()) return;
    refresh_tokens_[tenant] = grant.refresh_token;
    save();
}

asio::awaitable<Grant> DeviceCodeCredential::sign_in(std::string tenant,
                                                     http::TokenRequest request,
                                                     std::stop_token stop) {
    Form form;
    form.emplace_back("client_id", Secret(client_id_));
    form.emplace_back("scope", Secret(interactive_scope(request.scope)));
    add_claims(form, request);
    const auto answer = co_await endpoint_.request_device_code(tenant, std::move(form), stop);
    if (const auto* refusal = std::get_if<OauthError>(&answer)) throw error_of(*refusal);
    const auto& body = std::get<json>(answer);
    DeviceCode code;
    code.user_code = text_of(body, "user_code");
    code.verification_uri = text_of(body, "verification_uri");
    code.message = text_of(body, "message");
    code.expires_at = clock_.now() + seconds_of(body, "expires_in").value_or(usual_lifetime);
    const milliseconds interval = seconds_of(body, "interval").value_or(usual_interval);
    const auto expires_at = code.expires_at;

    // The user may give up where the code is shown, the caller elsewhere.
    std::stop_source give_up;
    // Whoever shows the code learns that it is of no use any more.
    const ScopeExit over([&give_up] { give_up.request_stop(); });
    auto pass_on = [&give_up] { give_up.request_stop(); };
    std::stop_callback on_stop(stop, pass_on);
    show_(std::move(code), give_up);
    Secret device_code(text_of(body, "device_code"));
    auto grant = co_await poll(
        std::move(tenant), std::move(device_code), interval, expires_at, give_up.get_token());
    co_return grant;
}

asio::awaitable<Grant> DeviceCodeCredential::poll(std::string tenant,
                                                  Secret device_code,
                                                  milliseconds interval,
                                                  async::Clock::TimePoint expires_at,
                                                  std::stop_token stop) {
    while (clock_.now() < expires_at) {
        co_await clock_.sleep_for(interval, stop);
        Form form;
        form.emplace_back("grant_type", Secret("urn:ietf:params:oauth:grant-type:device_code"));
        form.emplace_back("client_id", Secret(client_id_));
        form.emplace_back("device_code", device_code);
        const auto answer = co_await endpoint_.request_token(tenant, std::move(form), stop);
        if (const auto* grant = std::get_if<Grant>(&answer)) co_return *grant;
        const auto& refusal = std::get<OauthError>(answer);
        if (refusal.error == "slow_down") {
            interval += slow_down;
        } else if (refusal.error != "authorization_pending") {
            throw error_of(refusal);
        }
    }
    OauthError expired;
    expired.error = "expired_token";
    throw error_of(expired);
}

void DeviceCodeCredential::sign_out() {
    refresh_tokens_.clear();
    // What the store held is not read any more.
    recalled_ = true;
    save();
}

}  // namespace aml::auth
