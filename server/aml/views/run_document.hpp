#pragma once

#include "views/run_view.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aml::views {

/// What a script logged with `log_param`, by name, from run history's document of a run.
std::vector<NamedText> parameters_of(const nlohmann::json& document);

/// Whether MLflow or Azure ML gives a tag of this name by itself.
bool is_tag_of_service(std::string_view tag);

/// Tags that people gave, by name: without those of MLflow and Azure ML themselves.
std::vector<NamedText> tags_of(const nlohmann::json& document);

/// A job as it was submitted, as JSON with an indent of four, from ARM's `properties`: without what
/// Azure has added and what nobody said.
std::string configuration_of(const nlohmann::json& properties);

}  // namespace aml::views
