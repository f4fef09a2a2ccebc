#pragma once

#include "azure/resource_id.hpp"

#include <string>

namespace aml::features {

/// The job that a client means: by its Azure resource id, or by the id of its row in the tree.
/// Throws: InvalidParams when it is neither.
azure::ResourceId job_of(const std::string& id);

}  // namespace aml::features
