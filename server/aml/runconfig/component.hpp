#pragma once

#include "runconfig/checker.hpp"
#include "runconfig/job.hpp"
#include "runconfig/schema.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace aml::runconfig {

/// The public commandComponent schema.
extern const ObjectSchema component_schema;

/// What the schema cannot say about a component. `place` is the key that holds it; empty at the top
/// of a file of its own.
void check_component(const Node& component, const std::string& place, Findings& findings);

/// A component written as an object. Precondition: the checks found no error.
Component read_component(const Node& object, const std::string& place);

/// What stands in the file of a component: the component, or what is wrong with it, one
/// `file:line:column: key: message` each.
struct ComponentFile {
    std::optional<Component> component{};
    std::vector<std::string> problems{};
};

/// Blocking. Never throws.
ComponentFile read_component_file(const std::filesystem::path& file);

/// Whether the inputs and outputs that a step gives are those of its component, by its
/// specification. `place` is the key of the step.
void check_interface(const Node& step,
                     const std::string& place,
                     const nlohmann::json& spec,
                     Findings& findings);

/// Reads the components that the steps of a job name by their files, relative to `file`. Blocking.
/// Precondition: `check_files` found no error.
void load_components(Job& job, const std::filesystem::path& file);

}  // namespace aml::runconfig
