#pragma once

#include "core/json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// What a step of a pipeline is given: `${{parent.inputs.NAME}}`, `${{parent.outputs.NAME}}` or
/// `${{parent.jobs.STEP.outputs.NAME}}`.
struct StepBinding {
    /// `inputs`, `outputs`, or `jobs`.
    std::string group;
    /// Of `jobs` only.
    std::string step;
    std::string name;
};

/// Absent for a text that is no binding. An expression of another form has an empty group.
std::optional<StepBinding> step_binding(std::string_view text);

/// The bindings of a step's `inputs` or `outputs`, by their names.
std::vector<std::pair<std::string, StepBinding>> bindings_of(const json& step, const char* member);

/// The steps that have to end before this one can begin.
std::vector<std::string> needs_of(const json& step);

}  // namespace aml::emulator
