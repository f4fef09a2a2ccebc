#pragma once

#include "core/resources.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// A curated environment with its one version, as rows that belong to no workspace yet.
struct CuratedEnvironment {
    Resource container;
    Resource version;
};

/// Names start with `AzureML-`; `created` is the time in their system data.
std::vector<CuratedEnvironment> curated_environments(const std::string& created);

/// Writes the rows of the curated environments (`AzureML-…`, `environmentType: Curated`) into a new
/// workspace.
void put_curated_environments(ResourceStore& resources, const Workspace& workspace);

}  // namespace aml::emulator
