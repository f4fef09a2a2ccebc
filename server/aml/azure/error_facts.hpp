#pragma once

#include <string>
#include <string_view>

namespace aml::azure {

/// Azure puts what a user needs to know into the middle of long messages. These take it out; a
/// member is empty when the message does not have it.

/// The text in quotes right after the first `words`, case ignored.
std::string quoted_after(std::string_view message, std::string_view words);

/// Of "… does not have authorization to perform action 'X' over scope 'Y' …".
struct PermissionFacts {
    std::string action{};
    /// The last part of the scope, e.g. "workspace w1".
    std::string scope{};
};

PermissionFacts permission_facts(std::string_view message);

/// Of "… Location: eastus, Current Limit: 10, Current Usage: 8, Additional Required: 4 …".
struct QuotaFacts {
    std::string region{};
    std::string limit{};
    std::string usage{};
    std::string needed{};
};

QuotaFacts quota_facts(std::string_view message);

/// Of "The Resource 'Microsoft.MachineLearningServices/workspaces/w1' under resource group 'rg' was
/// not found."
struct ResourceFacts {
    /// In the user's terms, e.g. "workspace".
    std::string kind{};
    std::string name{};
    std::string group{};
};

ResourceFacts resource_facts(std::string_view message);

}  // namespace aml::azure
