#include "wizard/wizard_finish.hpp"

#include "runconfig/run_configuration.hpp"
#include "runconfig/writer.hpp"
#include "state/atomic_file.hpp"
#include "support/error.hpp"
#include "wizard/wizard_environment.hpp"

#include <system_error>

namespace aml::wizard {
WizardPlan plan_of(const WizardDraft& draft) {
    runconfig::NewRunConfiguration choices;
    choices.script = draft.script;
    choices.experiment = draft.experiment;
    choices.compute = draft.compute;
    choices.environment = environment_of(draft);
    WizardPlan plan;
    plan.configuration = runconfig::configuration_path(draft.script);
    plan.text = runconfig::to_text(choices);
    plan.binding_file =
        draft.binding ? draft.binding->file : workspace::workspace_binding_file(draft.script);
    const bool bound = draft.binding && draft.binding->workspace == draft.workspace;
    if (!bound) plan.bind_to = draft.workspace;
    return plan;
}

bool write_plan(const WizardPlan& plan) {
    std::error_code ignored;
    if (std::filesystem::exists(plan.configuration, ignored)) return false;
    std::optional<std::string> before;
    if (plan.bind_to) {
        before = state::read_file(plan.binding_file);
        workspace::write_workspace_binding(plan.binding_file, *plan.bind_to);
    }
    try {
        state::write_atomically(plan.configuration, plan.text);
    } catch (const Error&) {
        // Nothing half-written: the binding belongs to the configuration that could not be saved.
        if (plan.bind_to && before) state::write_atomically(plan.binding_file, *before);
        if (plan.bind_to && !before) std::filesystem::remove(plan.binding_file, ignored);
        throw;
    }
    return true;
}

}  // namespace aml::wizard
