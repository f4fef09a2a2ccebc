#pragma once

#include "core/resources.hpp"

#include <string>
#include <string_view>

namespace aml::emulator {

/// Where an artifact of a run lies in the workspace's storage, as an address that ARM shows.
std::string run_artifact_uri(const Workspace& workspace,
                             std::string_view run_id,
                             std::string_view path);

}  // namespace aml::emulator
