#include "features/submit_feature.hpp"

#include "async/linked_stop.hpp"
#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/convert_runs.hpp"
#include "features/uri.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <utility>
#include <vector>

namespace aml::features {
namespace {

constexpr auto portal_button = Localizable("Open in Azure ML portal");
constexpr auto show_button = Localizable("Show run");

/// What became of a submission that was cut off; nothing when there is nothing to tell.
std::optional<protocol::ShowMessageParams> settled_message(const submit::SettledSubmission& settled,
                                                           CutOff reason) {
    const bool cancelled = reason == CutOff::Cancelled;
    if (settled.created) {
        auto text = cancelled ? localize(
                                    "{} had reached Azure before you cancelled. It is among "
                                    "the runs.",
                                    settled.run.display_name)
                              : localize(
                                    "{} was submitted although the last session ended before "
                                    "Azure answered. It is among the runs.",
                                    settled.run.display_name);
        return protocol::ShowMessageParams{.type = protocol::MessageType::Info,
                                           .message = std::move(text)};
    }
    if (cancelled) return std::nullopt;
    return protocol::ShowMessageParams{
        .type = protocol::MessageType::Warning,
        .message = localize("{} was not submitted: the last session ended too early. Submit it "
                            "again.",
                            settled.run.display_name)};
}

std::string submitted_text(const submit::SubmittedRun& run) {
    if (run.recovered) {
        return localize(
            "{} was submitted already, before the last attempt was cut off. This is its run.",
            run.display_name);
    }
    return localize("{} was submitted to the experiment {}.", run.display_name, run.experiment);
}

}  // namespace

SubmitFeature::SubmitSession::SubmitSession(std::shared_ptr<AzureSession> owner, Services& services)
    : azure(std::move(owner)),
      submitter(azure->access,
                services.state(),
                services.clock,
                services.random,
                services.log.component("submit")) {}

SubmitFeature::SubmitFeature(Services& services, SubmitParts parts)
    : services_(services),
      parts_(parts) {
    services_.on_session([this](AzureSession&) {
        if (initialized_) services_.tasks.spawn(settle(submit_session(), CutOff::SessionEnded));
    });
}

void SubmitFeature::bind(rpc::Router& router, CommandsFeature& commands) {
    router.notification<protocol::Initialized>(this, &SubmitFeature::initialized);
    commands.add("azureml.submit", [this](CommandCall call) { return submit(std::move(call)); });
    commands.add("azureml.repeatLastRun",
                 [this](CommandCall call) { return repeat(std::move(call)); });
}

void SubmitFeature::initialized(protocol::NoParams) {
    if (std::exchange(initialized_, true)) return;
    services_.tasks.spawn(settle(submit_session(), CutOff::SessionEnded));
}

std::shared_ptr<SubmitFeature::SubmitSession> SubmitFeature::submit_session() {
    auto azure = services_.session();
    if (!session_ || session_->azure != azure) {
        session_ = std::make_shared<SubmitSession>(std::move(azure), services_);
    }
    return session_;
}

asio::awaitable<void> SubmitFeature::settle(std::shared_ptr<SubmitSession> session, CutOff reason) {
    submit::OnSettled tell = [this, &session, reason](submit::SettledSubmission settled) {
        return tell_settled(*session, std::move(settled), reason);
    };
    co_await session->submitter.settle(std::move(tell), services_.tasks.stop_token());
}

asio::awaitable<void> SubmitFeature::tell_settled(SubmitSession& session,
                                                  submit::SettledSubmission settled,
                                                  CutOff reason) {
    if (settled.created) {
        session.azure->watcher.watch(submit::snapshot_of(settled.run));
        parts_.runs.tell_repeatable();
    }
    auto message = settled_message(settled, reason);
    if (!message) co_return;
    services_.client.notify<protocol::WindowShowMessage>(std::move(*message));
    co_await reach_the_user(session);
}

asio::awaitable<void> SubmitFeature::reach_the_user(SubmitSession& session) {
    co_await services_.client.flush(services_.tasks.stop_token());
    co_await session.azure->watcher.saved(services_.tasks.stop_token());
}

asio::awaitable<protocol::Json> SubmitFeature::submit(CommandCall call) {
    const auto uri = co_await file_of(call, FileKind::RunConfiguration, services_, parts_.ui);
    if (!uri) co_return protocol::Json();
    const auto file = path_of_uri(*uri);
    // The text of this moment is what is submitted, whatever is typed meanwhile.
    submit::SubmitRequest request;
    request.configuration = co_await parts_.documents.checked(file);
    const auto workspace = co_await parts_.workspaces.workspace_for(file, call.stop());
    if (!workspace) co_return protocol::Json();
    request.workspace = *workspace;
    co_return co_await send(std::move(request), call.context);
}

asio::awaitable<protocol::Json> SubmitFeature::repeat(CommandCall call) {
    const auto uri = co_await file_of(call, FileKind::RepeatableScript, services_, parts_.ui);
    if (!uri) co_return protocol::Json();
    const auto file = path_of_uri(*uri);
    const auto last = co_await services_.state().last_run(file);
    const auto session = services_.session();
    const auto workspace =
        last ? azure::ResourceId::parse(last->workspace_id) : std::optional<azure::ResourceId>();
    const bool usable = workspace && last->arm_endpoint == session->access.settings().arm_endpoint;
    if (!usable && file.extension() != ".py") {
        throw Error(ErrorKind::NotFound,
                    localize("{} was not submitted from here yet. Press Submit Experiment.",
                             file.filename().string()));
    }
    if (!usable) {
        co_return co_await parts_.experiments.run_as_experiment(uri_of_path(file), call.stop());
    }
    submit::SubmitRequest request;
    request.configuration = co_await parts_.documents.checked(last->configuration);
    request.workspace = *workspace;
    co_return co_await send(std::move(request), call.context);
}

asio::awaitable<protocol::Json> SubmitFeature::send(submit::SubmitRequest request,
                                                    rpc::RequestContext& context) {
    const auto session = submit_session();
    co_await parts_.account.require_sign_in(context.stop());
    auto progress = parts_.progress.begin(localize("Submitting the experiment"),
                                          ProgressFeature::Cancel::Offered,
                                          context.progress_token());
    const async::LinkedStop stop(context.stop(), progress.stop_token());
    submit::OnSubmitProgress show = [&progress](const submit::SubmitProgress& step) {
        progress.report(step.message, step.percent);
    };
    request.ask_what_goes = [this](std::vector<submit::UploadFinding> findings,
                                   std::stop_token token) {
        return submit::ask_what_goes(parts_.ui, std::move(findings), std::move(token));
    };
    auto submitted = co_await carry_out(session, std::move(request), std::move(show), stop.token());
    auto& run = submitted.run;
    auto snapshot = submit::snapshot_of(run);
    const auto job = snapshot.job;
    session->azure->watcher.watch(std::move(snapshot));
    parts_.tree.reveal_run(job, run.experiment);
    parts_.runs.tell_repeatable();
    services_.tasks.spawn(announce(std::move(run)));
    context.after_reply(
        [this, session, entry = std::make_shared<Entry>(std::move(submitted.entry))] {
            services_.tasks.spawn(close(session, entry));
        });
    const auto followed = session->azure->watcher.find(job);
    co_return protocol::encode(to_wire(*followed));
}

asio::awaitable<submit::Submitted> SubmitFeature::carry_out(std::shared_ptr<SubmitSession> session,
                                                            submit::SubmitRequest request,
                                                            submit::OnSubmitProgress show,
                                                            std::stop_token stop) {
    try {
        auto submitted = co_await session->submitter.submit(
            std::move(request), std::move(show), std::move(stop));
        co_return submitted;
    } catch (const Error& error) {
        // Azure may have acted already.
        if (error.kind() == ErrorKind::Cancelled)
            services_.tasks.spawn(settle(session, CutOff::Cancelled));
        throw;
    }
}

asio::awaitable<void> SubmitFeature::close(std::shared_ptr<SubmitSession> session,
                                           std::shared_ptr<Entry> entry) {
    co_await reach_the_user(*session);
    if (*entry) co_await session->submitter.close(std::move(**entry));
}

asio::awaitable<void> SubmitFeature::announce(submit::SubmittedRun run) {
    for (const auto& note : run.notes) services_.tell(protocol::MessageType::Warning, note);
    ui::Message message{.text = submitted_text(run)};
    const std::string portal = localize(portal_button);
    const std::string show = localize(show_button);
    if (!run.studio_url.empty()) message.actions.push_back(portal);
    message.actions.push_back(show);
    const auto stop = services_.tasks.stop_token();
    const auto pressed = co_await parts_.ui.message(std::move(message), stop);
    if (pressed == portal) co_await parts_.ui.show_page(run.studio_url, stop);
    if (pressed == show) {
        parts_.tree.reveal_run(run.workspace.child("jobs", run.job_name), run.experiment);
    }
}

}  // namespace aml::features
