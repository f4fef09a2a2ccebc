#pragma once

#include "azure/run_history.hpp"

/// Reading of run history's items; for run_history.cpp and its tests.
namespace aml::azure {

Experiment experiment_from_json(const nlohmann::json& json);

}  // namespace aml::azure
