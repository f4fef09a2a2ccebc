#pragma once

#include "web/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// A region of the emulated cloud.
struct Region {
    std::string_view name;
    std::string_view display_name;
    std::string_view geography;
    std::string_view group;
};

/// All regions; `eastus2` is where the first workspace lives.
const std::vector<Region>& regions();
/// Found by name or display name (`East US 2`), without regard to case; null when there is none.
const Region* find_region(std::string_view name);
json region_json(const Region& region, std::string_view subscription);

}  // namespace aml::emulator
