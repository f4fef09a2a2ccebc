#pragma once

#include "core/store.hpp"
#include "web/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

struct Subscription {
    std::string id;
    std::string display_name;
    std::string state = "Enabled";
};

struct ResourceGroup {
    std::string subscription;
    std::string name;
    std::string location;
    json tags = json::object();
};

/// Subscriptions and resource groups. Names compare without regard to case.
class Directory final {
public:
    explicit Directory(Store& store);

    std::vector<Subscription> subscriptions();
    std::optional<Subscription> find_subscription(std::string_view id);
    void put(const Subscription& subscription);

    std::vector<ResourceGroup> groups(std::string_view subscription);
    std::optional<ResourceGroup> find_group(std::string_view subscription, std::string_view name);
    /// Returns true when it is new.
    bool put(const ResourceGroup& group);
    bool remove_group(std::string_view subscription, std::string_view name);

private:
    Store& store_;
};

}  // namespace aml::emulator
