#include "wizard/environment_templates.hpp"

#include <algorithm>
#include <array>

namespace aml::wizard {
namespace {

// azureml-mlflow lets plain MLflow log to the run inside Azure ML; mlflow-skinny is MLflow without
// its server, below version 3 because Azure ML does not serve that one's logged models.
constexpr std::array<std::string_view, 7> sklearn_packages{
    "scikit-learn", "numpy", "pandas", "matplotlib", "joblib", "mlflow-skinny<3", "azureml-mlflow"};
constexpr std::array<std::string_view, 7> pytorch_packages{
    "torch", "torchvision", "numpy", "pandas", "matplotlib", "mlflow-skinny<3", "azureml-mlflow"};
constexpr std::array<std::string_view, 6> tensorflow_packages{
    "tensorflow", "numpy", "pandas", "matplotlib", "mlflow-skinny<3", "azureml-mlflow"};
constexpr std::array<std::string_view, 4> general_packages{
    "numpy", "pandas", "mlflow-skinny<3", "azureml-mlflow"};

constexpr std::array<EnvironmentTemplate, 4> templates{{
    {"sklearn",
     Localizable("SkLearn"),
     Localizable("scikit-learn with NumPy, pandas and Matplotlib"),
     sklearn_packages},
    {"pytorch",
     Localizable("PyTorch"),
     Localizable("PyTorch and torchvision, on CPU or GPU"),
     pytorch_packages},
    {"tensorflow",
     Localizable("TensorFlow"),
     Localizable("TensorFlow and Keras, on CPU or GPU"),
     tensorflow_packages},
    {"general",
     Localizable("General"),
     Localizable("Python with NumPy and pandas; add what your script imports"),
     general_packages},
}};

}  // namespace

std::span<const EnvironmentTemplate> environment_templates() {
    return templates;
}

const EnvironmentTemplate* find_environment_template(std::string_view id) {
    const auto same_id = [id](const EnvironmentTemplate& candidate) { return candidate.id == id; };
    const auto found = std::find_if(templates.begin(), templates.end(), same_id);
    return found == templates.end() ? nullptr : &*found;
}

std::string base_image(bool gpu) {
    return gpu ? "mcr.microsoft.com/azureml/openmpi5.0-cuda12.6-ubuntu24.04"
               : "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04";
}

runconfig::PackageList packages_of(const EnvironmentTemplate& environment, bool gpu) {
    runconfig::PackageList list;
    list.channels = {"conda-forge"};
    list.conda = {"python=3.11", "pip"};
    list.pip.assign(environment.pip.begin(), environment.pip.end());
    // Unlike PyTorch's, its wheel brings no CUDA libraries unless asked to, and the base image has
    // not all of them.
    for (auto& package : list.pip) {
        if (gpu && package == "tensorflow") package = "tensorflow[and-cuda]";
    }
    return list;
}

}  // namespace aml::wizard
