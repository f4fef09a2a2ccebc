#include "wizard/wizard_experiment.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"
#include "wizard/wizard_step.hpp"
#include "workspace/names.hpp"

#include <algorithm>
#include <utility>

namespace aml::wizard {
namespace {

std::vector<ui::PickItem> experiment_rows(const std::vector<azure::Experiment>& experiments,
                                          const WizardDraft& draft) {
    const auto& wanted = draft.experiment.empty() ? draft.remembered.experiment : draft.experiment;
    std::vector<ui::PickItem> rows;
    for (const auto& experiment : experiments) {
        // The one just typed has a row of its own.
        const bool typed =
            experiment.name == draft.typed_experiment && experiment.name == draft.experiment;
        if (experiment.archived || typed) continue;
        ui::PickItem row{.id = experiment.name, .label = experiment.name};
        row.description = experiment.description;
        row.icon = "beaker";
        row.picked = experiment.name == wanted;
        rows.push_back(std::move(row));
    }
    return rows;
}

asio::awaitable<std::vector<ui::PickItem>> list_experiments(workspace::Catalog& catalog,
                                                            const WizardDraft& draft,
                                                            std::stop_token stop) {
    const auto list = co_await catalog.experiments(draft.workspace, std::move(stop));
    co_return experiment_rows(*list, draft);
}

ListPick experiment_list(WizardTools& tools, WizardDraft& draft, const StepPlace& place) {
    ListPick list{
        .question = pick_question(
            place, localize("Azure ML: experiment"), localize("Choose an experiment for the run")),
        .failed = localize("Could not list the experiments"),
        .heading = localize("Experiments in {}", draft.workspace.name())};
    ui::PickItem create{.id = std::string(new_id), .label = localize("Create new experiment…")};
    create.icon = "add";
    list.before = {std::move(create)};
    // A new experiment that was typed already is offered again as a row of its own.
    if (!draft.typed_experiment.empty() && draft.experiment == draft.typed_experiment) {
        ui::PickItem typed{.id = draft.typed_experiment, .label = draft.typed_experiment};
        typed.description = localize("new");
        typed.icon = "beaker";
        typed.picked = true;
        list.before.push_back(std::move(typed));
    }
    list.known = [&]() -> std::optional<std::vector<ui::PickItem>> {
        const auto known = tools.catalog.known_experiments(draft.workspace);
        if (!known) return std::nullopt;
        return experiment_rows(*known, draft);
    };
    list.list = [&](ui::PickUpdate, std::stop_token stop) {
        return list_experiments(tools.catalog, draft, std::move(stop));
    };
    return list;
}

asio::awaitable<StepEnd> type_experiment(WizardTools& tools,
                                         WizardDraft& draft,
                                         StepPlace place,
                                         std::stop_token stop) {
    place.can_go_back = true;
    auto question = input_question(place,
                                   localize("Create new experiment"),
                                   localize("Name of the experiment; its runs are shown together"));
    question.value = draft.typed_experiment.empty()
                         ? workspace::name_from(draft.script.parent_path().filename().string())
                         : draft.typed_experiment;
    question.validate = [](const std::string& name) {
        return workspace::check_experiment_name(trimmed(name));
    };
    const auto answer = co_await tools.prompter.input(std::move(question), stop);
    if (const auto end = unanswered(answer)) co_return *end;
    draft.typed_experiment = trimmed(std::get<ui::Entered>(answer).value);
    draft.experiment = draft.typed_experiment;
    co_return StepEnd::Next;
}

}  // namespace

asio::awaitable<StepEnd> choose_experiment(WizardTools& tools,
                                           WizardDraft& draft,
                                           StepPlace place,
                                           std::stop_token stop) {
    for (;;) {
        auto list = experiment_list(tools, draft, place);
        const auto answer = co_await pick_from_list(tools.prompter, std::move(list), stop);
        if (const auto end = unanswered(answer)) co_return *end;
        const auto& chosen = std::get<ui::Picked>(answer).ids.front();
        if (chosen != new_id) {
            draft.experiment = chosen;
            co_return StepEnd::Next;
        }
        const auto end = co_await type_experiment(tools, draft, place, stop);
        if (end != StepEnd::Back) co_return end;
    }
}

}  // namespace aml::wizard
