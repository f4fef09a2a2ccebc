#include "arm/locations.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

namespace aml::emulator {

const std::vector<Region>& regions() {
    static const std::vector<Region> all{
        {"eastus", "East US", "United States", "US"},
        {"eastus2", "East US 2", "United States", "US"},
        {"southcentralus", "South Central US", "United States", "US"},
        {"westus2", "West US 2", "United States", "US"},
        {"westus3", "West US 3", "United States", "US"},
        {"northeurope", "North Europe", "Europe", "Europe"},
        {"westeurope", "West Europe", "Europe", "Europe"},
        {"germanywestcentral", "Germany West Central", "Germany", "Europe"},
        {"switzerlandnorth", "Switzerland North", "Switzerland", "Europe"},
        {"uksouth", "UK South", "United Kingdom", "Europe"},
        {"australiaeast", "Australia East", "Australia", "Asia Pacific"},
        {"southeastasia", "Southeast Asia", "Asia Pacific", "Asia Pacific"}};
    return all;
}

const Region* find_region(std::string_view name) {
    for (const auto& region : regions()) {
        if (same_text(region.name, name) || same_text(region.display_name, name)) return &region;
    }
    return nullptr;
}

json region_json(const Region& region, std::string_view subscription) {
    return {{"id", fmt::format("/subscriptions/{}/locations/{}", subscription, region.name)},
            {"name", region.name},
            {"type", "Region"},
            {"displayName", region.display_name},
            {"regionalDisplayName", fmt::format("({}) {}", region.group, region.display_name)},
            {"metadata",
             {{"regionType", "Physical"},
              {"regionCategory", "Recommended"},
              {"geography", region.geography},
              {"geographyGroup", region.group}}}};
}

}  // namespace aml::emulator
