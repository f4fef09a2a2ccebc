#pragma once

#include "arm/site.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// What an ARM id below a workspace names, e.g. `…/workspaces/w/environments/e/versions/1`.
struct AssetReference {
    /// `environments`, `codes`, `computes` …
    std::string collection;
    std::string name;
    /// "" when the id has no `/versions/…`.
    std::string version;
};

/// Takes an id of `workspace` apart; absent when it is not one, or of another workspace.
std::optional<AssetReference> parse_reference(const Workspace& workspace, std::string_view id);

/// Finds an environment by ARM id, `azureml:name:version`, `azureml:name@latest`, or
/// `azureml://registries/azureml/environments/n/versions/v`.
std::optional<Resource> find_environment(Site& site,
                                         const Workspace& workspace,
                                         std::string_view id);

}  // namespace aml::emulator
