#pragma once

#include "runconfig/document.hpp"

#include <cstddef>

namespace aml::runconfig {

/// What stands under the cursor in YAML, outside of brackets. Goes by lines and how far they are
/// indented, because what is being typed is often not YAML yet.
Cursor yaml_cursor(const Document& document, std::size_t offset);

}  // namespace aml::runconfig
