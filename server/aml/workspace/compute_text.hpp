#pragma once

#include "azure/computes.hpp"

#include <optional>
#include <string>
#include <vector>

namespace aml::workspace {

/// The size of this name, without regard to case; null when the list has none.
const azure::VmSize* find_size(const std::vector<azure::VmSize>& sizes, const std::string& name);

/// "4 cores, 14 GB memory, 1 GPU".
std::string describe_size(const azure::VmSize& size);

/// "$0.27 per hour and node"; nothing when the region names no price.
std::optional<std::string> describe_price(const azure::VmSize& size, bool low_priority);

/// What a compute is doing, in a few words: "0 of 4 nodes", "running", "could not be created".
std::string describe_state(const azure::Compute& compute);

/// When an idle node or instance is switched off: "2 min", "90 s", "never"; empty where that does
/// not apply.
std::string describe_idle(const azure::Compute& compute);

/// Whether a run can be sent to it now or soon.
bool is_usable(const azure::Compute& compute);

}  // namespace aml::workspace
