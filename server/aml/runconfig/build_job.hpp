#pragma once

#include "runconfig/command_job.hpp"
#include "runconfig/json_document.hpp"

namespace aml::runconfig {

/// The job a checked document says. Precondition: the checks found no error.
CommandJob build_job(const Node& root);

/// JSON that keeps the order of the members; Missing becomes null.
nlohmann::ordered_json to_ordered_json(const Node& node);

}  // namespace aml::runconfig
