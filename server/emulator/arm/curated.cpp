#include "arm/curated.hpp"

#include <fmt/format.h>

#include <array>

namespace aml::emulator {
namespace {

struct Curated {
    std::string_view name;
    std::string_view version;
    std::string_view image;
    std::string_view description;
    std::string_view framework;
    /// Packages the runner installs; the real image has them built in.
    std::string_view pip;
};

constexpr std::array<Curated, 7> all{{
    {"AzureML-sklearn-1.5",
     "24",
     "mcr.microsoft.com/azureml/curated/sklearn-1.5:24",
     "An environment for tasks such as regression, clustering, and classification with "
     "Scikit-learn.",
     "Scikit-learn",
     "scikit-learn,pandas,numpy,mlflow-skinny"},
    {"AzureML-ACPT-pytorch-2.2-cuda12.1",
     "41",
     "mcr.microsoft.com/azureml/curated/acpt-pytorch-2.2-cuda12.1:41",
     "Azure Container for PyTorch: PyTorch 2.2 with CUDA 12.1 for training on GPUs.",
     "PyTorch",
     "torch,torchvision,mlflow-skinny"},
    {"AzureML-acpt-pytorch-2.8-cuda12.6",
     "12",
     "mcr.microsoft.com/azureml/curated/acpt-pytorch-2.8-cuda12.6:12",
     "Azure Container for PyTorch: PyTorch 2.8 with CUDA 12.6 for training on GPUs.",
     "PyTorch",
     "torch,torchvision,mlflow-skinny"},
    {"AzureML-tensorflow-2.16-cuda12",
     "23",
     "mcr.microsoft.com/azureml/curated/tensorflow-2.16-cuda12:23",
     "An environment for deep learning with TensorFlow containing the Azure ML SDK.",
     "TensorFlow",
     "tensorflow,mlflow-skinny"},
    {"AzureML-lightgbm-3.3",
     "76",
     "mcr.microsoft.com/azureml/curated/lightgbm-3.3:76",
     "An environment for machine learning with Scikit-learn, LightGBM, XGBoost, Dask.",
     "LightGBM",
     "lightgbm,scikit-learn,mlflow-skinny"},
    {"AzureML-responsibleai",
     "45",
     "mcr.microsoft.com/azureml/curated/responsibleai:45",
     "An environment for Responsible AI analysis.",
     "Scikit-learn",
     "responsibleai"},
    {"AzureML-ai-studio-development",
     "9",
     "mcr.microsoft.com/azureml/curated/ai-studio-development:9",
     "An environment for development of generative applications.",
     "Python",
     "openai"},
}};

json conda_file(const Curated& environment) {
    json packages = json::array();
    auto rest = environment.pip;
    while (!rest.empty()) {
        const auto end = rest.find(',');
        packages.push_back(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return {{"channels", json::array({"conda-forge"})},
            {"dependencies", json::array({"python=3.10", {{"pip", packages}}})}};
}

}  // namespace

std::vector<CuratedEnvironment> curated_environments(const std::string& created) {
    std::vector<CuratedEnvironment> result;
    Resource row;
    row.system_data = {{"createdAt", created},
                       {"createdBy", "Microsoft"},
                       {"createdByType", "User"},
                       {"lastModifiedAt", created},
                       {"lastModifiedBy", "Microsoft"},
                       {"lastModifiedByType", "User"}};
    for (const auto& environment : all) {
        CuratedEnvironment item{row, row};
        item.container.type = "environments";
        item.version.type = "environments/versions";
        item.container.name = item.version.name = environment.name;
        item.version.version = environment.version;
        item.container.body = {{"properties",
                                {{"description", environment.description},
                                 {"tags", json::object()},
                                 {"properties", json::object()},
                                 {"isArchived", false},
                                 {"latestVersion", environment.version},
                                 {"nextVersion", nullptr},
                                 {"provisioningState", "Succeeded"}}}};
        item.version.body = {
            {"properties",
             {{"description", environment.description},
              {"tags", {{"OS", "Ubuntu22.04"}, {environment.framework, ""}, {"Training", ""}}},
              {"properties", {{"azureml.labels", "latest"}}},
              {"isArchived", false},
              {"isAnonymous", false},
              {"environmentType", "Curated"},
              {"image", environment.image},
              {"condaFile", conda_file(environment).dump(2)},
              {"build", nullptr},
              {"inferenceConfig", nullptr},
              {"osType", "Linux"},
              {"autoRebuild", "Disabled"},
              {"stage", nullptr},
              {"provisioningState", "Succeeded"}}}};
        result.push_back(std::move(item));
    }
    return result;
}

void put_curated_environments(ResourceStore& resources, const Workspace& workspace) {
    for (auto& [container, version] :
         curated_environments(workspace.system_data.value("createdAt", ""))) {
        for (auto* row : {&container, &version}) {
            row->workspace_id = workspace.id;
            resources.put(*row);
        }
    }
}

}  // namespace aml::emulator
