#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aml::execution {

/// What is made of an environment without Docker and Conda: a conda file
/// becomes a Python version and a list of pip requirements.
struct EnvironmentPlan {
    /// `3.11`, or "" when the conda file names none.
    std::string python_version;
    /// Lines of a requirements file.
    std::vector<std::string> requirements;
    /// What a reader of the build log should know: packages left out, options that have no effect.
    std::vector<std::string> notes;

    /// True when there is nothing to build: the machine's Python will do.
    bool empty() const { return python_version.empty() && requirements.empty(); }

    /// Name of the folder that holds the built environment; equal plans have equal keys.
    std::string key() const;
};

/// Reads a conda file (YAML, or JSON as ARM echoes it); "" gives an empty plan.
/// Throws: aml::Error (Rejected) that names what is wrong.
EnvironmentPlan plan_environment(std::string_view conda_file);

}  // namespace aml::execution
