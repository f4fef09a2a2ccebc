#pragma once

#include "azure/resource_id.hpp"

#include <filesystem>
#include <optional>

namespace aml::workspace {

/// The workspace that a folder belongs to, and Azure's own `.azureml/config.json` that says so.
struct WorkspaceBinding {
    azure::ResourceId workspace;
    std::filesystem::path file;
};

/// The binding that holds for `path` (a script or a folder): the nearest `.azureml/config.json`
/// upwards, as the Azure ML SDK and CLI look for it; nothing when there is none. Blocking. Throws:
/// Rejected naming the file when the nearest one is damaged or incomplete; Unavailable when it
/// cannot be read.
std::optional<WorkspaceBinding> find_workspace_binding(const std::filesystem::path& path);

/// Where a binding for `path` is written: the file found upwards, else `.azureml/config.json` in
/// the folder of a script or in the folder itself.
std::filesystem::path workspace_binding_file(const std::filesystem::path& path);

/// Writes `workspace` into `file` (temporary file, fsync, rename). Other keys in it are kept; a
/// file that is not JSON is set aside as `config.json.damaged` first. Blocking. Throws: Unavailable
/// when the disk refuses.
void write_workspace_binding(const std::filesystem::path& file, const azure::ResourceId& workspace);

}  // namespace aml::workspace
