#pragma once

#include "azure/errors.hpp"

#include <optional>
#include <string>

namespace aml::azure {

/// What an error of Azure means to the user: why it failed and what to do, as clauses of one
/// sentence, without capital and full stop.
struct Explanation {
    /// Empty: Azure's own words say it best.
    std::string reason{};
    /// Empty when there is nothing to do but what the reason says.
    std::string remedy{};
};

/// Explains by Azure's codes, deepest first, then by tell-tale words of its message. `status` is
/// the HTTP status, 0 when there was none. Empty when nothing is known about the error.
/// Source: "Troubleshoot common Azure deployment errors", "Status and error codes" of Azure
/// Storage, "Troubleshoot" pages of Azure Machine Learning.
std::optional<Explanation> explain(const ServiceError& error, int status);

}  // namespace aml::azure
