#include "wizard/wizard.hpp"

#include "async/run_blocking.hpp"
#include "runconfig/asset_reference.hpp"
#include "runconfig/run_configuration.hpp"
#include "runconfig/sweep_draft.hpp"
#include "runconfig/text_file.hpp"
#include "snapshot/wide_folder.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "wizard/wizard_compute.hpp"
#include "wizard/wizard_draft.hpp"
#include "wizard/wizard_environment.hpp"
#include "wizard/wizard_experiment.hpp"
#include "wizard/wizard_finish.hpp"
#include "wizard/wizard_sweep.hpp"
#include "wizard/wizard_workspace.hpp"
#include "workspace/names.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <variant>

namespace aml::wizard {
namespace {

enum class Step {
    ConfirmWorkspace,
    Subscription,
    Workspace,
    Experiment,
    Compute,
    Environment,
    Packages,
    Parameters,
    Space,
    Metric,
    Goal,
    Trials,
    AtOnce
};

/// A question: a step, and which one of those that it asks.
struct Station {
    Step step;
    std::size_t index = 0;
};

/// What the disk says before the first question.
struct Start {
    bool configured = false;
    std::optional<workspace::WorkspaceBinding> binding;
};

Start look_around(const std::filesystem::path& script) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(script, ignored)) {
        throw Error(ErrorKind::NotFound,
                    localize("There is no file {}. Save the script first.", script.string()));
    }
    if (lower(script.extension().string()) != ".py") {
        throw Error(ErrorKind::Rejected,
                    localize("{} is not a Python script (.py).", script.filename().string()));
    }
    // Its folder becomes the code folder.
    snapshot::refuse_wide_folder(script.parent_path());
    return {.configured = std::filesystem::exists(runconfig::configuration_path(script), ignored),
            .binding = workspace::find_workspace_binding(script)};
}

/// What the disk says before the first question about a sweep.
struct SweepStart {
    /// Of the job that it is a sweep of; whether there is one or not.
    std::filesystem::path configuration;
    SweepDraft sweep;
    std::optional<workspace::WorkspaceBinding> binding;
};

/// The script that a configuration is for. Nothing when it has none, or is not ready yet: then
/// only what it says itself can be tried.
std::optional<std::filesystem::path> script_behind(const std::filesystem::path& configuration,
                                                   std::string text) {
    try {
        return runconfig::script_of(runconfig::check(std::move(text), configuration));
    } catch (const Error&) {
        return std::nullopt;
    }
}

SweepStart look_around_for_sweep(const WizardRequest& request) {
    SweepStart start;
    std::optional<std::filesystem::path> script;
    std::optional<std::string> job = request.text;
    if (!request.configuration.empty()) {
        start.configuration = request.configuration;
        if (!job) job = runconfig::read_text_file(request.configuration);
        script = script_behind(request.configuration, *job);
    } else {
        const auto found = look_around(request.script);
        start.configuration = runconfig::configuration_path(request.script);
        start.binding = found.binding;
        script = request.script;
        if (found.configured) job = runconfig::read_text_file(start.configuration);
    }
    start.sweep = begin_sweep(script, start.configuration, job.value_or(std::string()));
    return start;
}

/// A compute as the list of computes has it. Throws: Rejected for what can be none.
std::string row_of_compute(const std::string& written) {
    const auto parsed = runconfig::parse_compute_reference(written);
    if (const auto* bad = std::get_if<runconfig::BadReference>(&parsed))
        throw Error(ErrorKind::Rejected, bad->message);
    const auto& compute = std::get<runconfig::ComputeReference>(parsed);
    switch (compute.kind) {
        case runconfig::ComputeReference::Kind::Name:
            return compute.name;
        case runconfig::ComputeReference::Kind::ArmId:
            return compute.arm_id;
        case runconfig::ComputeReference::Kind::Serverless:
            break;
    }
    return "serverless";
}

class Wizard {
public:
    Wizard(WizardTools tools, WizardRequest request, WizardDraft draft)
        : tools_(tools),
          request_(std::move(request)),
          draft_(std::move(draft)) {}

    // True once every step is answered, false when the user gave up.
    asio::awaitable<bool> ask(std::stop_token stop) {
        co_await settle_given_answers(stop);
        std::vector<Station> done;
        for (;;) {
            const auto next = next_station(done);
            if (!next) co_return true;
            const auto place = place_of(static_cast<int>(done.size()));
            const auto end = co_await perform(*next, place, stop);
            if (end == StepEnd::Quit) co_return false;
            if (end == StepEnd::Next) done.push_back(*next);
            if (end == StepEnd::Back && !done.empty()) done.pop_back();
        }
    }

    WizardDraft& draft() { return draft_; }

private:
    // The steps in order, as far as the answers so far tell; those the request answers are left
    // out.
    std::vector<Station> stations() const {
        std::vector<Station> all;
        const bool is_configured = draft_.sweep && !draft_.sweep->job.empty();
        for (const auto step : is_configured ? std::vector<Step>() : steps_of_run())
            all.push_back({step});
        std::erase_if(all, [this](const Station& one) { return given(one.step); });
        if (!draft_.sweep) return all;
        all.push_back({Step::Parameters});
        for (std::size_t i = 0; i < draft_.sweep->chosen.size(); ++i)
            all.push_back({Step::Space, i});
        for (const auto step : {Step::Metric, Step::Goal, Step::Trials, Step::AtOnce})
            all.push_back({step});
        return all;
    }

    std::vector<Step> steps_of_run() const {
        std::vector<Step> all;
        if (draft_.binding) all.push_back(Step::ConfirmWorkspace);
        if (!draft_.binding || draft_.another_workspace) {
            all.push_back(Step::Subscription);
            all.push_back(Step::Workspace);
        }
        all.insert(all.end(), {Step::Experiment, Step::Compute, Step::Environment});
        if (has_packages(draft_)) all.push_back(Step::Packages);
        return all;
    }

    bool given(Step step) const {
        switch (step) {
            case Step::ConfirmWorkspace:
            case Step::Subscription:
            case Step::Workspace:
                return request_.workspace.has_value();
            case Step::Experiment:
                return request_.experiment.has_value();
            case Step::Compute:
                return request_.compute.has_value();
            case Step::Environment:
            case Step::Packages:
                return request_.environment.has_value();
            default:
                return false;
        }
    }

    std::optional<Station> next_station(const std::vector<Station>& done) const {
        const auto all = stations();
        if (done.size() >= all.size()) return std::nullopt;
        return all[done.size()];
    }

    StepPlace place_of(int before) const {
        const auto total = static_cast<int>(stations().size());
        return {.number = before + 1, .total = total, .can_go_back = before > 0};
    }

    asio::awaitable<StepEnd> perform(Station station, StepPlace place, std::stop_token stop) {
        auto& prompter = tools_.prompter;
        switch (station.step) {
            case Step::ConfirmWorkspace:
                return confirm_workspace(tools_, draft_, place, std::move(stop));
            case Step::Subscription:
                return choose_subscription(tools_, draft_, place, std::move(stop));
            case Step::Workspace:
                return choose_workspace(tools_, draft_, place, std::move(stop));
            case Step::Experiment:
                return choose_experiment(tools_, draft_, place, std::move(stop));
            case Step::Compute:
                return choose_compute(tools_, draft_, place, std::move(stop));
            case Step::Environment:
                return choose_environment(tools_, draft_, place, std::move(stop));
            case Step::Packages:
                return confirm_packages(
                    prompter, draft_.packages.at(draft_.environment), place, std::move(stop));
            case Step::Parameters:
                return choose_parameters(prompter, *draft_.sweep, place, std::move(stop));
            case Step::Space:
                return type_space(prompter, *draft_.sweep, station.index, place, std::move(stop));
            case Step::Metric:
                return choose_metric(prompter, *draft_.sweep, place, std::move(stop));
            case Step::Goal:
                return choose_goal(prompter, *draft_.sweep, place, std::move(stop));
            case Step::Trials:
                return type_trials(prompter, *draft_.sweep, place, std::move(stop));
            case Step::AtOnce:
                break;
        }
        return type_at_once(prompter, *draft_.sweep, place, std::move(stop));
    }

    asio::awaitable<void> settle_given_answers(std::stop_token stop) {
        if (request_.workspace) co_await use_workspace(tools_, draft_, *request_.workspace, stop);
        if (request_.experiment) {
            if (const auto problem = workspace::check_experiment_name(*request_.experiment))
                throw Error(ErrorKind::Rejected, *problem);
            draft_.experiment = *request_.experiment;
        }
        if (request_.compute) draft_.compute = row_of_compute(*request_.compute);
        if (request_.environment) co_await use_environment(tools_, draft_, *request_.environment);
        // A compute that is named needs no list, but its machines decide on image and packages.
        if (request_.compute && request_.workspace) co_await look_up_gpu(tools_, draft_, stop);
        if (request_.environment && draft_.gpu)
            co_await use_environment(tools_, draft_, *request_.environment);
    }

    WizardTools tools_;
    WizardRequest request_;
    WizardDraft draft_;
};

RememberedChoices choices_of(const WizardDraft& draft) {
    return {.subscription_id = draft.subscription_id,
            .workspace_id = draft.workspace.to_string(),
            .experiment = draft.experiment,
            .compute = draft.compute,
            .environment = draft.environment,
            .vm_size = draft.remembered.vm_size};
}

}  // namespace

ExperimentWizard::ExperimentWizard(workspace::Catalog& catalog,
                                   workspace::SavedState& state,
                                   ui::Prompter& prompter)
    : catalog_(catalog),
      state_(state),
      prompter_(prompter) {}

asio::awaitable<std::optional<WizardResult>> ExperimentWizard::run(WizardRequest request,
                                                                   std::stop_token stop) {
    if (request.purpose == Purpose::Sweep)
        co_return co_await run_sweep(std::move(request), std::move(stop));
    auto looking = [script = request.script] { return look_around(script); };
    const auto start = co_await async::run_blocking(state_.pool(), std::move(looking));
    const auto configuration = runconfig::configuration_path(request.script);
    if (start.configured) {
        WizardResult existing{.configuration = configuration};
        co_return existing;
    }
    WizardDraft draft;
    draft.script = request.script;
    draft.folder = request.folder.empty() ? request.script.parent_path() : request.folder;
    draft.binding = start.binding;
    draft.remembered = co_await recall_choices(state_, draft.folder);
    WizardTools tools{catalog_, state_, prompter_};
    Wizard wizard(tools, std::move(request), std::move(draft));
    const bool answered = co_await wizard.ask(stop);
    if (!answered) co_return std::nullopt;
    auto plan = plan_of(wizard.draft());
    auto writing = [plan] { return write_plan(plan); };
    const bool created = co_await async::run_blocking(state_.pool(), std::move(writing));
    co_await remember_choices(state_, wizard.draft().folder, choices_of(wizard.draft()));
    WizardResult result{
        .configuration = configuration, .created = created, .workspace = wizard.draft().workspace};
    co_return result;
}

asio::awaitable<std::optional<WizardResult>> ExperimentWizard::run_sweep(WizardRequest request,
                                                                         std::stop_token stop) {
    auto looking = [request] { return look_around_for_sweep(request); };
    auto start = co_await async::run_blocking(state_.pool(), std::move(looking));
    const auto base = start.configuration;
    WizardDraft draft;
    draft.script = request.script.empty() ? base : request.script;
    draft.folder = request.folder.empty() ? draft.script.parent_path() : request.folder;
    draft.binding = start.binding;
    draft.sweep = std::move(start.sweep);
    draft.remembered = co_await recall_choices(state_, draft.folder);
    WizardTools tools{catalog_, state_, prompter_};
    Wizard wizard(tools, std::move(request), std::move(draft));
    const bool answered = co_await wizard.ask(stop);
    if (!answered) co_return std::nullopt;
    const bool is_new = wizard.draft().sweep->job.empty();
    WizardPlan plan;
    if (is_new) plan = plan_of(wizard.draft());
    plan.text = sweep_text(*wizard.draft().sweep, is_new ? plan.text : wizard.draft().sweep->job);
    auto writing = [plan, base]() mutable {
        for (std::size_t number = 1;; ++number) {
            plan.configuration = runconfig::sweep_path(base, number);
            if (write_plan(plan)) return plan.configuration;
        }
    };
    auto written = co_await async::run_blocking(state_.pool(), std::move(writing));
    if (is_new)
        co_await remember_choices(state_, wizard.draft().folder, choices_of(wizard.draft()));
    WizardResult result{.configuration = std::move(written), .created = true};
    result.workspace = wizard.draft().workspace;
    co_return result;
}

}  // namespace aml::wizard
