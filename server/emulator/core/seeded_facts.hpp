#pragma once

#include <string>
#include <string_view>

/// Names of facts of the store by which a seed makes a service less obliging, as it can be in
/// Azure.
namespace aml::emulator {

/// The storage account accepts neither its key nor what is signed with it.
inline std::string keyless_fact(std::string_view account) {
    return "keyless:" + std::string(account);
}

/// The workspace's container registry builds no images, as with free credit.
inline std::string no_image_builds_fact(std::string_view workspace_id) {
    return "no image builds:" + std::string(workspace_id);
}

/// The details of the workspace's runs name no log files: they are found among the artifacts.
inline std::string no_log_files_fact(std::string_view workspace_id) {
    return "no log files:" + std::string(workspace_id);
}

/// A lock (CanNotDelete) stands on the workspace.
inline std::string locked_fact(std::string_view workspace_id) {
    return "locked:" + std::string(workspace_id);
}

/// Workspaces that are deleted without being purged keep their name.
inline constexpr std::string_view soft_delete_fact = "soft delete";

/// The workspace of this ARM id was deleted and keeps its name; "" once it is purged or recovered.
inline std::string soft_deleted_fact(std::string_view arm_id) {
    return "soft deleted:" + std::string(arm_id);
}

}  // namespace aml::emulator
