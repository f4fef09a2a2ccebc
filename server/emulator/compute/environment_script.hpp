#pragma once

#include <string_view>

namespace aml::emulator {

/// The text of environment.py, which says what it does.
extern const std::string_view environment_script;

}  // namespace aml::emulator
