#pragma once

#include "runconfig/document.hpp"
#include "runconfig/job.hpp"
#include "runconfig/schema.hpp"

namespace aml::runconfig {

/// Reads what all types of jobs have in common but `inputs`, by the schema of the job's type.
/// Precondition: the checks found no error.
void read_basics(const Node& root, const ObjectSchema& schema, JobBasics& job);

/// Reads `inputs`. Precondition: `shared::inputs_key` is in the schema, and the checks found no
/// error.
std::map<std::string, Input> read_inputs(const Node& root);

/// Reads `command`, `code` and `environment`, all of which but `code` are there. Precondition: the
/// checks found no error.
Program read_program(const Node& object);

}  // namespace aml::runconfig
