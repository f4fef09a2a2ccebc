#pragma once

#include "azure/computes.hpp"

/// Reading of the compute operations' items; for computes.cpp and its tests.
namespace aml::azure {

ComputeNode compute_node_from_json(const nlohmann::json& json);
VmSize vm_size_from_json(const nlohmann::json& json);
Usage usage_from_json(const nlohmann::json& json);

}  // namespace aml::azure
