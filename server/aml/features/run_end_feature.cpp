#include "features/run_end_feature.hpp"

#include "azure/json_fields.hpp"
#include "runs/failure_reader.hpp"
#include "runs/run_log.hpp"
#include "runs/run_news.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace aml::features {
namespace {

/// Windows that share a computer hear of an end within a minute of each other.
constexpr std::size_t most_told_runs = 200;

constexpr auto show_run_button = Localizable("Show run");
constexpr auto show_log_button = Localizable("Show log");

bool has_failed(const runs::RunSnapshot& run) {
    return run.status == "Failed";
}

void prune(state::Entries& told) {
    while (told.size() > most_told_runs) {
        const auto older = [](const auto& left, const auto& right) {
            return left.second < right.second;
        };
        told.erase(std::min_element(told.begin(), told.end(), older));
    }
}

}  // namespace

RunEndFeature::RunEndFeature(Services& services, UiFeature& ui, FailureFeature& failures)
    : services_(services),
      ui_(ui),
      failures_(failures) {
    services_.on_session([this](AzureSession&) {
        if (since_ == async::Clock::TimePoint()) since_ = services_.clock.now();
        follow(services_.session());
    });
    services_.on_here([this](AzureSession&) { follow(services_.here()); });
}

void RunEndFeature::follow(const std::shared_ptr<AzureSession>& session) {
    session->watcher.subscribe([this, weak = std::weak_ptr(session)](const auto& changed) {
        if (const auto owner = weak.lock()) take(owner, changed);
    });
}

void RunEndFeature::take(const std::shared_ptr<AzureSession>& session,
                         const std::vector<runs::RunSnapshot>& changed) {
    for (const auto& run : changed) {
        const auto job = run.job.key();
        if (!run.is_final()) {
            if (going_on_.insert(job).second && !run.script.empty()) failures_.begin(run);
            if (run.silent_for && should_tell(*session, run) && silent_.insert(job).second)
                services_.tasks.spawn(tell_silence(run));
        } else if (going_on_.erase(job) > 0) {
            services_.tasks.spawn(report(session, run));
        }
    }
}

asio::awaitable<void> RunEndFeature::report(std::shared_ptr<AzureSession> session,
                                            runs::RunSnapshot run) {
    try {
        co_await follow_up(std::move(session), run);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        services_.log.info("the end of {} was not told: {}", run.job.name(), error.message());
    }
}

asio::awaitable<void> RunEndFeature::follow_up(std::shared_ptr<AzureSession> session,
                                               runs::RunSnapshot run) {
    bool tells = should_tell(*session, run);
    if (tells) tells = co_await claim(run.job.key());
    const bool marks = has_failed(run) && !run.script.empty();
    if (!tells && !marks) co_return;
    if (tells) {
        // Its last metrics are part of the news.
        auto last = co_await session->watcher.wait_for_end(run.job, services_.tasks.stop_token());
        run = std::move(last);
    }
    const auto failure = co_await cause(*session, run);
    if (marks && failure && !failure->frames.empty()) co_await failures_.mark(run, *failure);
    if (!tells) co_return;
    ui::Message message{.text = runs::end_text(run, failure)};
    if (has_failed(run)) message.kind = ui::MessageKind::Error;
    co_await tell(std::move(message), run);
}

asio::awaitable<void> RunEndFeature::tell_silence(runs::RunSnapshot run) {
    const bool first = co_await claim(run.job.key() + " silence");
    if (!first) co_return;
    ui::Message message{.kind = ui::MessageKind::Warning};
    message.text = runs::silence_news(run);
    co_await tell(std::move(message), run);
}

bool RunEndFeature::should_tell(const AzureSession& session, const runs::RunSnapshot& run) const {
    const bool is_over_for_long = run.ended_at && *run.ended_at < since_;
    // A part of a run ends with it, and what Azure has no more was deleted.
    if (is_over_for_long || !run.parent.empty() || run.status == "NotFound") return false;
    if (!session.owns(run)) return false;
    using Wanted = protocol::RunEndNotification;
    const auto wanted = services_.settings().runEndNotification.value_or(Wanted::Always);
    if (wanted == Wanted::Failed) return has_failed(run) || !run.is_final();
    return wanted != Wanted::Never;
}

asio::awaitable<std::optional<runs::Failure>> RunEndFeature::cause(AzureSession& session,
                                                                   runs::RunSnapshot run) {
    if (!has_failed(run)) co_return std::nullopt;
    runs::RunLog log(session.access, services_.clock, run.job);
    try {
        co_return co_await runs::read_failure(log, run, services_.tasks.stop_token());
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        services_.log.info("why {} failed could not be read: {}", run.job.name(), error.message());
    }
    co_return std::nullopt;
}

asio::awaitable<bool> RunEndFeature::claim(std::string what) {
    const auto first = std::make_shared<bool>(false);
    std::function<void(state::Entries&)> change =
        [first, what, now = azure::format_time(services_.clock.now())](state::Entries& told) {
            *first = told.try_emplace(what, now).second;
            prune(told);
        };
    try {
        co_await services_.state().update(workspace::StateFile::ToldRuns, std::move(change));
    } catch (const Error& error) {
        // Twice is better than never.
        services_.log.info("{}", error.message());
        co_return true;
    }
    co_return *first;
}

asio::awaitable<void> RunEndFeature::tell(ui::Message message, runs::RunSnapshot run) {
    const std::string show_run = localize(show_run_button);
    const std::string show_log = localize(show_log_button);
    if (message.kind != ui::MessageKind::Info) message.actions.push_back(show_log);
    message.actions.push_back(show_run);
    const auto stop = services_.tasks.stop_token();
    const auto pressed = co_await ui_.message(std::move(message), stop);
    if (pressed == show_run) co_await ui_.show_run(run, UiFeature::RunPart::Page, stop);
    if (pressed == show_log) co_await ui_.show_run(run, UiFeature::RunPart::Log, stop);
}

}  // namespace aml::features
