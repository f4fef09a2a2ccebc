#pragma once

#include "core/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// What happens to a person who signs in to a tenant.
enum class SignInPolicy {
    Allowed,
    /// AADSTS50076: a second factor, which only a new sign-in can prove.
    SecondFactor,
    /// AADSTS53003: conditional access forbids it.
    Blocked,
};

/// A tenant beside the one the emulator starts with, in which the person is a guest.
struct Tenant {
    std::string id;
    std::string name;
    std::string domain;
    SignInPolicy policy = SignInPolicy::Allowed;
};

/// The other tenants, in the order they were added, and the subscriptions that are theirs. Ids and
/// domains compare without regard to case.
class Tenants final {
public:
    explicit Tenants(Store& store);

    std::vector<Tenant> all() const;
    /// By id or domain.
    std::optional<Tenant> find(std::string_view id) const;
    void put(const Tenant& tenant);

    /// The tenant a subscription belongs to; `home`, the one the emulator starts with, unless it
    /// was assigned to another.
    std::string of_subscription(std::string_view subscription, const std::string& home) const;
    void assign(std::string_view subscription, std::string_view tenant);

private:
    Store& store_;
};

}  // namespace aml::emulator
