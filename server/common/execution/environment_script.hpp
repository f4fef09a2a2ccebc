#pragma once

#include <string_view>

namespace aml::execution {

/// The text of environment.py, which says what it does.
extern const std::string_view environment_script;

}  // namespace aml::execution
