#pragma once

#include "core/store.hpp"
#include "core/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// A device sign-in that was started and not yet redeemed.
struct DeviceGrant {
    enum class State { Pending, Approved, Declined, Redeemed };

    std::string device_code;
    /// Nine letters and digits, as a person types them.
    std::string user_code;
    std::string client_id;
    std::string scope;
    State state = State::Pending;
    Time expires;
    /// When the client asked last; absent before the first poll.
    std::optional<Time> polled;
    /// Seconds between polls; grows with each `slow_down`.
    std::int64_t interval = 1;
};

/// A refresh token, known by its hash only.
struct RefreshGrant {
    std::string client_id;
    std::string scope;
    bool revoked = false;
    /// Id of the tenant it was given out in.
    std::string tenant;
};

/// Sign-ins that outlast a request: device codes and refresh tokens.
class GrantStore final {
public:
    explicit GrantStore(Store& store);

    void add(const DeviceGrant& grant);
    std::optional<DeviceGrant> find_device(std::string_view device_code);
    /// `user_code` in any case, blanks and dashes ignored.
    std::optional<DeviceGrant> find_user_code(std::string_view user_code);
    void update(const DeviceGrant& grant);
    void remove_expired(Time before);

    /// Makes and remembers a new refresh token.
    std::string add_refresh(const RefreshGrant& grant, Time now);
    std::optional<RefreshGrant> find_refresh(std::string_view token);
    /// Makes every refresh token worthless.
    void revoke_all();

private:
    Store& store_;
};

}  // namespace aml::emulator
