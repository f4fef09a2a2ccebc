#include "wizard/wizard_finish.hpp"

#include "runconfig/run_configuration.hpp"
#include "runconfig/writer.hpp"
#include "state/atomic_file.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "wizard/wizard_environment.hpp"

#include <system_error>

namespace aml::wizard {
namespace {

workspace::WorkspaceBinding binding_of(const azure::ResourceId& workspace) {
    return {.subscription_id = workspace.subscription(),
            .resource_group = workspace.resource_group(),
            .workspace_name = workspace.name()};
}

bool same_workspace(const workspace::WorkspaceBinding& left,
                    const workspace::WorkspaceBinding& right) {
    return same_name(left.subscription_id, right.subscription_id) &&
           same_name(left.resource_group, right.resource_group) &&
           same_name(left.workspace_name, right.workspace_name);
}

}  // namespace

WizardPlan plan_of(const WizardDraft& draft) {
    runconfig::NewRunConfiguration choices;
    choices.script = draft.script;
    choices.experiment = draft.experiment;
    choices.compute = draft.compute;
    choices.environment = environment_of(draft);
    WizardPlan plan;
    plan.configuration = runconfig::configuration_path(draft.script);
    plan.text = runconfig::to_text(runconfig::make_job(choices));
    plan.binding_file =
        draft.binding ? draft.binding->file : workspace::workspace_binding_file(draft.script);
    const auto wanted = binding_of(draft.workspace);
    if (!draft.binding || !same_workspace(draft.binding->workspace, wanted)) plan.binding = wanted;
    return plan;
}

bool write_plan(const WizardPlan& plan) {
    std::error_code ignored;
    if (std::filesystem::exists(plan.configuration, ignored)) return false;
    std::optional<std::string> before;
    if (plan.binding) {
        before = state::read_file(plan.binding_file);
        workspace::write_workspace_binding(plan.binding_file, *plan.binding);
    }
    try {
        state::write_atomically(plan.configuration, plan.text);
    } catch (const Error&) {
        // Nothing half-written: the binding belongs to the configuration that could not be saved.
        if (plan.binding && before) state::write_atomically(plan.binding_file, *before);
        if (plan.binding && !before) std::filesystem::remove(plan.binding_file, ignored);
        throw;
    }
    return true;
}

}  // namespace aml::wizard
