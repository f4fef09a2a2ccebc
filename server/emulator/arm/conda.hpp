#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// A conda file re-serialised as JSON text, the form in which the service echoes it.
/// Throws: Rejected (aml::Error) saying what is wrong: not YAML, not a mapping, no dependencies,
/// too big.
std::string conda_as_json(std::string_view yaml);

}  // namespace aml::emulator
