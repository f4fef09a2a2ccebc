#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace aml::runconfig {

/// Names a versioned asset (environment, data, model) the way Azure ML CLI v2 does.
/// Source: CLI (v2) core YAML syntax, "Referencing an Azure Machine Learning asset".
struct AssetReference {
    enum class Kind {
        /// `azureml:name:version` or `azureml:name@label` in the job's workspace.
        Workspace,
        /// `azureml://registries/R/environments/name/versions/v` (or `/labels/l`).
        Registry,
        /// `/subscriptions/…/environments/name/versions/v`, with or without `azureml:` before it.
        ArmId,
    };
    Kind kind = Kind::Workspace;
    /// As written, without a leading `azureml:` before an ARM id.
    std::string text;
    std::string name;
    /// Exactly one of `version` and `label` is set.
    std::optional<std::string> version;
    /// Usually "latest"; the client resolves it (newest version by creation time).
    std::optional<std::string> label;
    /// Kind::Registry only.
    std::string registry;

    bool operator==(const AssetReference&) const = default;
};

/// Why a reference cannot be read, as a sentence with the remedy.
struct BadReference {
    std::string message;
};

/// Reads a reference. `collection` is the word in ids: "environments", "data", "models".
std::variant<AssetReference, BadReference> parse_asset_reference(std::string_view text,
                                                                 std::string_view collection);

/// Names a compute target.
struct ComputeReference {
    enum class Kind {
        /// `azureml:name` or `name`.
        Name,
        ArmId,
        /// Absent or `serverless`: Azure ML chooses the machine.
        Serverless,
    };
    Kind kind = Kind::Serverless;
    std::string name;
    /// Kind::ArmId only: the id as written.
    std::string arm_id;

    bool operator==(const ComputeReference&) const = default;
};

/// Reads `compute`. `local` and impossible names are refused with the reason.
std::variant<ComputeReference, BadReference> parse_compute_reference(std::string_view text);

/// What a name is for; each has its own rules.
enum class NameKind { Experiment, Compute, Environment, Job, Input, Data };

/// Why `name` cannot be used, as a sentence saying the rule; absent when it is fine.
/// Source: patterns of the 2024-04-01 and 2025-12-01 REST specifications; Azure ML service limits.
std::optional<std::string> name_problem(NameKind kind, std::string_view name);

}  // namespace aml::runconfig
