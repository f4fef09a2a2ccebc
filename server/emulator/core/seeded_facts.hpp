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

}  // namespace aml::emulator
