#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace aml::runconfig {

/// A job as Azure has it.
struct SubmittedJob {
    /// The member `properties` of its resource.
    nlohmann::json properties{};
    std::string name{};
    /// What the file shall say of it, in its own words; empty: nothing.
    std::string compute{};
    std::string environment{};
    std::string code{};
};

/// The run configuration that says what the job was submitted with, in the layout of the
/// documentation. What the service has added is left out, and so is the job's name, as a name runs
/// once. Throws: Rejected for a job of a type that this version does not submit.
std::string to_text(const SubmittedJob& job);

}  // namespace aml::runconfig
