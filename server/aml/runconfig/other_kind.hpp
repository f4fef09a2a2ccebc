#pragma once

#include "runconfig/document.hpp"
#include "support/localize.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aml::runconfig {

/// What a JSON file describes that is no job of Azure ML.
struct OtherKind {
    /// With its article, e.g. "an environment".
    LocalizedText what;
    /// What the Azure CLI calls it, e.g. "environment"; empty when `az ml` knows no such thing.
    std::string_view cli_group;
    /// The key that says so, and its value.
    std::string_view key;
    const Node* value = nullptr;
};

/// What a document describes, going by the schema that `$schema` names, else by `type`, or by the
/// `apiVersion` and `kind` of a Kubernetes object; absent when that is a job, or is not said.
/// Source: CLI (v2) YAML schema overview; the values of `type` in azure-ai-ml.
std::optional<OtherKind> other_kind(const Node& root);

/// Whether `$schema` is the address of a public schema of Azure ML, of jobs or of something else.
bool has_azure_schema(const Node& root);

/// Whether `type` names a job and the key is there that such a job runs, and nothing that only a
/// component has. YAML is written for many things, and few of them have a `$schema`.
bool has_shape_of_job(const Node& root);

}  // namespace aml::runconfig
