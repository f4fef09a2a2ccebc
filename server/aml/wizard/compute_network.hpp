#pragma once

#include "azure/computes.hpp"
#include "ui/prompter.hpp"
#include "wizard/new_compute.hpp"

#include <string>
#include <vector>

namespace aml::wizard {

/// The networks and identities that clusters of the workspace have, and none: a locked workspace
/// lets no other cluster work, and its first one was made by whoever locked it. Empty when no
/// cluster has any, as far as is known.
std::vector<ui::PickItem> network_rows(const ComputeWorkshop& workshop, const NewCompute& draft);

/// What the row with this id stands for.
azure::ComputeSetup setup_of(const ComputeWorkshop& workshop, const std::string& row);

/// That runs on this cluster cannot read the workspace's data, and what to do.
std::string lacks_identity(const std::string& compute);

}  // namespace aml::wizard
