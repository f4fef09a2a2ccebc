#pragma once

#include "runconfig/package_files.hpp"
#include "support/localize.hpp"

#include <span>
#include <string>
#include <string_view>

namespace aml::wizard {

/// A ready-made compute configuration: base images and the packages that usually go together.
struct EnvironmentTemplate {
    /// Stable; also the name the environment gets in the run configuration.
    std::string_view id;
    Localizable label;
    /// One line for the list.
    Localizable detail;
    std::span<const std::string_view> pip;
};

/// SkLearn, PyTorch, TensorFlow and General, in the order to offer them.
std::span<const EnvironmentTemplate> environment_templates();

/// The template with this id; null when there is none.
const EnvironmentTemplate* find_environment_template(std::string_view id);

/// The Azure ML base image for machines without or with GPUs.
/// Source: github.com/Azure/AzureML-Containers, images maintained in 2026.
std::string base_image(bool gpu);

/// The template's packages: Python and pip from conda-forge, the rest by pip. For GPUs with what a
/// package needs to use them.
runconfig::PackageList packages_of(const EnvironmentTemplate& environment, bool gpu);

}  // namespace aml::wizard
