#pragma once

#include "runconfig/document.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace aml::runconfig {

/// A number, also one that is written as a text; nothing when it is none.
std::optional<double> number_in(const Node& value);

/// A hyperparameter's values as Azure takes them: `["uniform", [0.1, 0.9]]`.
nlohmann::json sweep_distribution(const Node& value);

/// `sampling_algorithm`, a word or an object.
nlohmann::json sweep_sampling(const Node& value);

/// `early_termination`. What is left out is sent with its default, as by the Azure CLI.
nlohmann::json sweep_policy(const Node& value);

}  // namespace aml::runconfig
