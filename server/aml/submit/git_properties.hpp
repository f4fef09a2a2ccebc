#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace aml::submit {

/// Where the code comes from, as MLflow and the Azure ML SDK record it in a job's properties:
/// `mlflow.source.git.repoURL`, `.branch`, `.commit`. Reads the repository's files, runs nothing;
/// user names and passwords are taken out of the address. Empty when `folder` is in no repository;
/// parts that cannot be read are left out. Blocking.  Source: gitrepository-layout(5); azure-ai-ml,
/// _utils/_asset_utils.py.
std::map<std::string, std::string> git_properties(const std::filesystem::path& folder);

}  // namespace aml::submit
