#pragma once

#include "azure/resource_id.hpp"
#include "workspace/azure_access.hpp"

#include <string>
#include <string_view>

namespace aml::local {

/// What runs on this computer is known under an id like that of a workspace, so that all that shows
/// runs shows these too. Nothing in Azure has it: no subscription is called so.
azure::ResourceId this_computer();

/// Whether a job, or a row of the tree, is on this computer; by its id.
bool is_here(std::string_view id);

/// The way to the runs of this computer: `Transport` answers, and nobody signs in.
workspace::AccessSettings access_settings(std::string user_agent);

/// Where `Transport` is reached; an address that never leaves this computer (RFC 6761).
inline constexpr std::string_view origin = "https://this-computer.invalid";

}  // namespace aml::local
