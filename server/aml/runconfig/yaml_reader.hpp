#pragma once

#include "runconfig/document.hpp"

#include <string_view>

namespace aml::runconfig {

/// Reads YAML into the nodes that JSON has: anchors and merge keys stand for what they name,
/// scalars are what Azure's own tools take them for (`read_yaml_scalar`). A line at fault is
/// reported, and the text is read without it. What aliases make of a file is limited, as they can
/// double it again and again.
Reading read_yaml(std::string_view text);

}  // namespace aml::runconfig
