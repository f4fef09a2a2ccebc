#pragma once

#include "runconfig/job.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>

namespace aml::runconfig {

struct Node;
struct ObjectSchema;

/// The same for a step of a pipeline.
struct ResolvedStep {
    std::string component_id{};
    /// Absent: as the pipeline; "serverless" where Azure chooses.
    std::optional<std::string> compute_id{};
    std::map<std::string, std::string> input_uris{};
};

/// What the submitter found out for the names in a job.
struct ResolvedReferences {
    /// ARM id of the code version; absent when the job has no code.
    std::optional<std::string> code_id{};
    /// ARM id, registry id or the short form of a curated environment.
    std::string environment_id{};
    /// ARM id; absent for serverless.
    std::optional<std::string> compute_id{};
    /// Per data input whose path is not an address already: its URI or asset id.
    std::map<std::string, std::string> input_uris{};
    /// Of a pipeline, by name.
    std::map<std::string, ResolvedStep> steps{};
    std::optional<std::string> default_compute_id{};
    std::string default_datastore_id{};
};

/// The body of the PUT that creates the job: `{"properties":{…}}`. Members without a value are left
/// out. Precondition: this version submits jobs of its type (`check` lets no others through).
/// Source: Jobs - Create Or Update, 2025-12-01 (same members in 2024-04-01).
nlohmann::json to_rest(const Job& job, const ResolvedReferences& resolved);

/// An input as a member of Azure's `inputs`; `uris` has those that were looked up.
nlohmann::json to_rest(const std::string& name,
                       const Input& input,
                       const std::map<std::string, std::string>& uris);

/// A text, number or truth value as the text that Azure keeps: as written, truth values in Python's
/// spelling, as the Azure CLI passes them on.
std::string literal_text(const Node& value);

/// The members of REST that an object of a checked document becomes, by what its schema says of its
/// keys (`KeySchema::rest`).
nlohmann::json to_rest(const Node& object, const ObjectSchema& schema);

}  // namespace aml::runconfig
