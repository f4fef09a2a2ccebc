#pragma once

#include "azure/computes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aml::workspace {

/// What `nodes` machines that stay on for a month of 730 hours cost, with the currency: "$428";
/// nothing when the region names no price. Source: Virtual Machine Sizes - List,
/// `estimatedVMPrices`: list prices, without discounts.
std::optional<std::string> describe_month(const azure::VmSize& size, bool low_priority, int nodes);

/// The warning about nodes that are paid for also when nothing runs; nothing when there are none.
std::optional<std::string> standing_cost(const azure::VmSize* size, bool low_priority, int nodes);

/// Cores of a size's family in a region.
struct CoreRoom {
    std::int64_t free = 0;
    std::int64_t limit = 0;
    /// How many machines of the size the free cores are enough for.
    std::int64_t machines = 0;
};

/// What the quota leaves for machines of a size; nothing where it is not known or not limited.
std::optional<CoreRoom> room_for(const azure::VmSize& size,
                                 const std::vector<azure::Usage>& usages);

/// The warning that the quota does not hold `nodes` machines; nothing when it does, or where it is
/// not known.
std::optional<std::string> lacking_quota(const azure::VmSize& size,
                                         const std::vector<azure::Usage>& usages,
                                         int nodes);

}  // namespace aml::workspace
