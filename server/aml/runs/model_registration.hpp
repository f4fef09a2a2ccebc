#pragma once

#include "azure/client.hpp"
#include "azure/resource_id.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace aml::runs {

/// A version of a model that was made of what a run left.
struct RegisteredModel {
    std::string name{};
    std::string version{};
    /// custom_model or mlflow_model.
    std::string type{};
};

/// Why a model cannot be called so, as a sentence; absent when it can.  Source: pattern of Model
/// Versions - Create Or Update.
std::optional<std::string> model_name_problem(std::string_view name);

/// A name for the model that a file or folder of a run holds.
std::string proposed_model_name(std::string_view path);

/// Registers a file or folder of a run as the next version of a model: as one of MLflow when it
/// holds an MLmodel file. Its files stay where they are. Throws: NotFound when the run has no such
/// file; Rejected for a bad name; Forbidden, Unavailable, …
asio::awaitable<RegisteredModel> register_model(azure::Client& client,
                                                azure::ResourceId job,
                                                std::string path,
                                                std::string name,
                                                std::stop_token stop);

}  // namespace aml::runs
