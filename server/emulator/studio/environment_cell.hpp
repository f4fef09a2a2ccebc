#pragma once

#include "core/resources.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// What a person recognises an environment by, as HTML: name and version, or, for one that was
/// written into the job and so has an id for a name, its image. The packages and the id are folded
/// away. `environment` is the environment version that `id` names, if it is still there.
std::string environment_cell(const std::optional<Resource>& environment, std::string_view id);

}  // namespace aml::emulator
