#include "wizard/wizard_finish.hpp"

#include "runconfig/run_configuration.hpp"
#include "runconfig/writer.hpp"
#include "state/atomic_file.hpp"
#include "support/error.hpp"
#include "wizard/wizard_environment.hpp"

#include <filesystem>
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
    if (!state::create_atomically(plan.configuration, plan.text)) return false;
    if (!plan.bind_to) return true;
    try {
        workspace::write_workspace_binding(plan.binding_file, *plan.bind_to);
    } catch (const Error&) {
        // Nothing half-written: without the binding the configuration says too little.
        std::error_code ignored;
        std::filesystem::remove(plan.configuration, ignored);
        throw;
    }
    return true;
}

}  // namespace aml::wizard
