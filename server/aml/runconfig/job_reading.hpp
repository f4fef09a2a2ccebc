#pragma once

#include "runconfig/document.hpp"
#include "runconfig/job.hpp"
#include "runconfig/schema.hpp"

#include <map>
#include <string>

namespace aml::runconfig {

/// Reads what all types of jobs have in common but `inputs`, by the schema of the job's type.
/// Precondition: the checks found no error.
void read_basics(const Node& root, const ObjectSchema& schema, JobBasics& job);

/// Reads `inputs`. Precondition: `shared::inputs_key` is in the schema, and the checks found no
/// error.
std::map<std::string, Input> read_inputs(const Node& root);

Input read_input(const Node& node);

/// Reads `command`, `code`, `environment` and the number of nodes; `command` and `environment` are
/// there. `place` is the key that holds the object; empty at the top. Precondition: the checks
/// found no error.
Program read_program(const Node& object, const std::string& place = {});

/// How many nodes the `resources` of an object ask for.
WantedNodes read_nodes(const Node& object, const std::string& place = {});

}  // namespace aml::runconfig
