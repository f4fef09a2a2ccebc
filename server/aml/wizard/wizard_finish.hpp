#pragma once

#include "azure/resource_id.hpp"
#include "wizard/wizard_draft.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace aml::wizard {

/// What the wizard writes once everything is answered.
struct WizardPlan {
    std::filesystem::path configuration{};
    std::string text{};
    std::filesystem::path binding_file{};
    /// Nothing when the folder is bound to the workspace already.
    std::optional<azure::ResourceId> bind_to{};
};

WizardPlan plan_of(const WizardDraft& draft);

/// Writes the plan: all of it or nothing. False when a run configuration has appeared meanwhile; it
/// is left alone. Blocking. Throws: Unavailable naming the file that cannot be written.
bool write_plan(const WizardPlan& plan);

}  // namespace aml::wizard
