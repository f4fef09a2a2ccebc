#pragma once

#include "runconfig/command_job.hpp"
#include "runconfig/json_document.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace aml::runconfig {

/// The answers of the wizard.
struct NewRunConfiguration {
    /// The script, in or below the folder of the configuration.
    std::filesystem::path script;
    std::string experiment;
    /// A compute's name.
    std::string compute;
    Environment environment;
    /// Extra words after the script's name, already quoted for the shell; may be empty.
    std::string arguments;
};

/// A new configuration to be written beside the script (`configuration_path`).
CommandJob make_job(const NewRunConfiguration& choices);

/// The text of a job: the layout of the documentation (`$schema`, `type`, experiment, display name,
/// compute, code, command, environment, environment_variables, tags, then what else is set in the
/// schema's order), two spaces, a newline at the end. `environment_variables` and `tags` are always
/// there, to be filled in.
std::string to_text(const CommandJob& job);

/// `value` laid out for people: two spaces, short lists and objects of one plain member on one line
/// of at most 100. `margin` is the number of blanks before the line it starts on.
std::string write_json(const nlohmann::ordered_json& value, std::size_t margin);

}  // namespace aml::runconfig
