#pragma once

#include "runconfig/document.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aml::runconfig {

/// What an input or output of a pipeline's step is bound to. Source: CLI (v2) core YAML syntax,
/// "Binding inputs and outputs between steps in a pipeline job".
struct Binding {
    enum class Kind {
        /// `${{parent.inputs.NAME}}`
        PipelineInput,
        /// `${{parent.outputs.NAME}}`
        PipelineOutput,
        /// `${{parent.jobs.STEP.outputs.NAME}}`
        StepOutput,
        /// Anything else in `${{ }}`.
        Unknown,
    };
    Kind kind = Kind::Unknown;
    /// StepOutput only.
    std::string step{};
    std::string name{};
};

/// Whether a text has an expression in it.
bool has_binding(std::string_view text);

/// The binding that a text is, and all of it; `Unknown` for a text with any other expression.
/// Absent: it has none.
std::optional<Binding> binding_in(std::string_view text);

/// The text that may be a binding: an input or output itself, or its `path`. Null: none is.
const Node* bound_text(const Node& value);

}  // namespace aml::runconfig
