#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::workspace {

/// What is wrong with the name of a new experiment, as a sentence to show; nothing when Azure
/// accepts it. Source: run history, Experiments - Create: `^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$`.
std::optional<std::string> check_experiment_name(std::string_view name);

/// What is wrong with the name of a new compute cluster; `taken` names are compared without regard
/// to case. Source: Compute - Create Or Update, 2025-12-01:
/// `^[a-zA-Z](?![a-zA-Z0-9-]*-\d+$)[a-zA-Z0-9\-]{2,23}$`.
std::optional<std::string> check_compute_name(std::string_view name,
                                              const std::vector<std::string>& taken);

/// The first of `base`, `baseb`, `basec`… that is not taken and that Azure accepts as a compute
/// name.
std::string free_compute_name(std::string_view base, const std::vector<std::string>& taken);

/// A name for an experiment or an environment made of any text, for example a folder's name; never
/// empty.
std::string name_from(std::string_view text);

}  // namespace aml::workspace
