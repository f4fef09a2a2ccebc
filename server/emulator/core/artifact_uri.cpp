#include "core/artifact_uri.hpp"

#include <fmt/format.h>

namespace aml::emulator {

std::string run_artifact_uri(const Workspace& workspace,
                             std::string_view run_id,
                             std::string_view path) {
    return fmt::format(
        "azureml://subscriptions/{}/resourceGroups/{}/workspaces/{}/datastores/"
        "workspaceartifactstore/paths/ExperimentRun/dcid.{}/{}",
        workspace.subscription,
        workspace.resource_group,
        workspace.name,
        run_id,
        path);
}

}  // namespace aml::emulator
