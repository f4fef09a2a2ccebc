#pragma once

#include "runconfig/package_files.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// The beginning of a script, where its imports are; empty when it cannot be read. Blocking.
std::string read_script(const std::filesystem::path& script);

/// The modules that a Python source imports, in the order of their first import and each once, e.g.
/// "azureml.core.run", "sklearn.svm". Left out is what a script can do without or has itself:
/// imports inside `try:` and relative ones.
std::vector<std::string> imported_modules(std::string_view source);

/// A package that a script needs and no package of its environment brings.
struct MissingPackage {
    /// As the script imports it, e.g. "azureml.core.run".
    std::string module;
    /// A requirement for pip, e.g. "azureml-core".
    std::string requirement;

    bool operator==(const MissingPackage&) const = default;
};

/// What the modules that the product knows (Azure's, MLflow's and the large frameworks, which
/// nothing else brings by accident) need besides `packages`. MLflow needs `azureml-mlflow` too: in
/// Azure the tracking address of a run is `azureml://…`, which only that plug-in understands.
std::vector<MissingPackage> missing_packages(const std::vector<std::string>& modules,
                                             const PackageList& packages);

/// Why packages that can all be installed do not work together in Azure, as a sentence to show:
/// `azureml-core` with a Python that it does not support, or, for a script that calls
/// `autolog()`, an MLflow that may be version 3, whose logged models Azure ML refuses so that the
/// metrics are lost. Source: azureml-core 1.61 (requires Python below 3.12);
/// github.com/Azure/azure-sdk-for-python/issues/44896.
std::vector<std::string> package_conflicts(std::string_view source, const PackageList& packages);

/// Whether a script may end before its metrics are sent: it logs with azureml-core, which sends
/// from a thread that ends with the script, and waits for it nowhere. Source: azureml-core 1.61,
/// `azureml/_run_impl/run_history_facade.py` (`flush`, `complete`).
bool may_lose_metrics(std::string_view source);

}  // namespace aml::runconfig
