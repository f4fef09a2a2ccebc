#include "features/experiment_feature.hpp"

#include "features/azure_session.hpp"
#include "features/file_question.hpp"
#include "features/uri.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/scope_exit.hpp"
#include "support/text.hpp"
#include "wizard/new_compute.hpp"

#include <utility>

namespace aml::features {
namespace {

/// One dialogue at a time: a second one would take the place of the first on the screen. `open` is
/// true until what is returned goes. Throws: Conflict when it is true already.
auto begin_dialogue(bool& open) {
    if (open)
        throw Error(ErrorKind::Conflict,
                    localize("Finish or close the questions that are open first."));
    open = true;
    return ScopeExit([&open] { open = false; });
}

}  // namespace

ExperimentFeature::ExperimentFeature(Services& services,
                                     AccountFeature& account,
                                     UiFeature& ui,
                                     WorkspaceFeature& workspaces,
                                     DocumentsFeature& documents)
    : services_(services),
      account_(account),
      ui_(ui),
      workspaces_(workspaces),
      documents_(documents) {}

void ExperimentFeature::bind(CommandsFeature& commands) {
    commands.add("azureml.runAsExperiment",
                 [this](CommandCall call) { return run_command(std::move(call)); });
    commands.add("azureml.newRun",
                 [this](CommandCall call) { return run_command(std::move(call)); });
    commands.add("azureml.sweep", [this](CommandCall call) { return sweep(std::move(call)); });
    commands.add("azureml.createCompute",
                 [this](CommandCall call) { return create_compute(std::move(call)); });
}

asio::awaitable<protocol::Json> ExperimentFeature::run_command(CommandCall call) {
    const auto request = co_await request_of(call);
    if (!request) co_return protocol::Json();
    auto wanted = *request;
    co_return co_await run_wizard(std::move(wanted), call.stop());
}

asio::awaitable<std::optional<wizard::WizardRequest>> ExperimentFeature::request_of(
    const CommandCall& call) {
    const auto asking = begin_dialogue(asking_);
    const auto script = co_await file_of(call, FileKind::Script, services_, ui_);
    if (!script) co_return std::nullopt;
    wizard::WizardRequest request{.script = path_of_uri(*script)};
    const auto row = call.optional_text();
    const auto address = row ? tree::parse_address(*row) : std::nullopt;
    if (!address || address->workspace.empty()) co_return request;
    request.workspace = address->workspace;
    if (address->kind == tree::row_kind::experiment) request.experiment = address->name;
    co_return request;
}

asio::awaitable<protocol::Json> ExperimentFeature::sweep(CommandCall call) {
    wizard::WizardRequest request{.purpose = wizard::Purpose::Sweep};
    {
        const auto asking = begin_dialogue(asking_);
        const auto uri = co_await file_of(call, FileKind::Sweepable, services_, ui_);
        if (!uri) co_return protocol::Json();
        auto file = path_of_uri(*uri);
        if (lower(file.extension().string()) == ".py") {
            request.script = std::move(file);
        } else {
            // What is typed counts, saved or not.
            request.text = documents_.text_of(file);
            request.configuration = std::move(file);
        }
    }
    co_return co_await run_wizard(std::move(request), call.stop());
}

asio::awaitable<protocol::Json> ExperimentFeature::run_as_experiment(std::string script_uri,
                                                                     std::stop_token stop) {
    wizard::WizardRequest request{.script = path_of_uri(script_uri)};
    co_return co_await run_wizard(std::move(request), std::move(stop));
}

asio::awaitable<protocol::Json> ExperimentFeature::run_wizard(wizard::WizardRequest request,
                                                              std::stop_token stop) {
    request.folder =
        workspaces_.folder_of(request.script.empty() ? request.configuration : request.script);
    const auto asking = begin_dialogue(asking_);
    // A sweep of a run configuration needs nothing from Azure before it is submitted.
    if (request.configuration.empty()) co_await account_.require_sign_in(stop);
    const auto session = services_.session();
    wizard::ExperimentWizard wizard(session->catalog, services_.state(), ui_);
    const auto result = co_await wizard.run(std::move(request), stop);
    if (!result) co_return protocol::Json();
    const auto uri = uri_of_path(result->configuration);
    co_await ui_.show_file(uri, stop);
    if (!result->created) {
        services_.tell(protocol::MessageType::Info,
                       localize("{} is there already, so it was opened. Press Submit Experiment "
                                "to run it, or delete it to "
                                "be asked again.",
                                result->configuration.filename().string()));
    }
    services_.tasks.spawn(workspaces_.tell_if_changed());
    co_return protocol::Json(uri);
}

asio::awaitable<std::optional<azure::ResourceId>> ExperimentFeature::workspace_of(
    CommandCall& call) {
    const auto row = call.optional_text();
    const auto address = row ? tree::parse_address(*row) : std::nullopt;
    if (address && !address->workspace.empty()) co_return address->workspace;
    if (services_.folders.empty()) {
        throw Error(
            ErrorKind::Rejected,
            localize("Open a folder first, or use the menu of a workspace in the sidebar."));
    }
    co_return co_await workspaces_.workspace_for(services_.folders.front(), call.stop());
}

asio::awaitable<protocol::Json> ExperimentFeature::create_compute(CommandCall call) {
    const auto asking = begin_dialogue(asking_);
    co_await account_.require_sign_in(call.stop());
    const auto id = co_await workspace_of(call);
    if (!id) co_return protocol::Json();
    const auto session = services_.session();
    const auto workspace = co_await session->catalog.workspace(*id, call.stop());
    // The names that are taken are needed to check the new one.
    co_await session->catalog.computes(*id, call.stop());
    wizard::ComputeWorkshop workshop{session->catalog, ui_, workspace.id, workspace.location};
    wizard::NewCompute draft;
    const auto end = co_await wizard::create_compute(workshop, draft, {}, call.stop());
    if (end != wizard::StepEnd::Next) co_return protocol::Json();
    services_.tell(protocol::MessageType::Info,
                   localize("The compute {} is ready to be used.", draft.name));
    co_return protocol::Json(draft.name);
}

}  // namespace aml::features
