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

/// The edit that makes the value at `path` be `value`, leaving everything else as the user wrote
/// it: replaces the value, or adds the member (and missing objects on the way) after the last one
/// with the indentation in use. Empty when it is that already. Throws: Rejected when something on
/// the way is not an object.
std::vector<TextEdit> set_value(const JsonDocument& document,
                                const std::vector<std::string>& path,
                                const nlohmann::ordered_json& value);

/// The edit that takes the member at `path` away with its comma and line. Empty when it is not
/// there.
std::vector<TextEdit> remove_value(const JsonDocument& document,
                                   const std::vector<std::string>& path);

}  // namespace aml::runconfig
