#pragma once

#include "runconfig/job.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace aml::runconfig {

/// The answers of the wizard.
struct NewRunConfiguration {
    /// The script, in or below the folder of the configuration.
    std::filesystem::path script;
    std::string experiment;
    /// A compute's name, its ARM id, or "serverless".
    std::string compute;
    /// A reference, or an image with packages.
    Environment environment;
};

/// The text of a new configuration, to be written beside the script (`configuration_path`), in the
/// layout of the documentation with two spaces. `environment_variables` and `tags` are there, to be
/// filled in.
std::string to_text(const NewRunConfiguration& choices);

/// A run configuration as a text, in that layout.
std::string write_document(const nlohmann::ordered_json& object);

}  // namespace aml::runconfig
