#include "features/sweep_news_feature.hpp"

#include "runs/run_metrics.hpp"
#include "runs/run_reader.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace aml::features {
namespace {

constexpr std::chrono::seconds first_look{5};
constexpr std::chrono::seconds longest_wait{300};
constexpr std::size_t most_parts = 50;

std::string without_metric_text(const runs::RunSnapshot& sweep,
                                const runs::RunSnapshot& trial,
                                const std::vector<runs::MetricValue>& metrics) {
    if (metrics.empty()) {
        return localize(
            "{} compares trials by {}, and the trial {} has ended without logging "
            "anything: cancel it, and let the script log the metric.",
            sweep.title(),
            sweep.sweep->metric,
            trial.title());
    }
    std::string names;
    for (const auto& metric : metrics) names += (names.empty() ? "" : ", ") + metric.name;
    return localize(
        "{} compares trials by {}, and the trial {} has ended without logging it, but "
        "{}: cancel it, and correct the name.",
        sweep.title(),
        sweep.sweep->metric,
        trial.title(),
        names);
}

}  // namespace

SweepNewsFeature::SweepNewsFeature(Services& services, UiFeature& ui)
    : services_(services),
      ui_(ui) {
    services_.on_session([this](AzureSession& session) {
        session.watcher.subscribe(
            [this, weak = std::weak_ptr(services_.session())](const auto& changed) {
                if (const auto owner = weak.lock()) take(owner, changed);
            });
    });
}

void SweepNewsFeature::take(const std::shared_ptr<AzureSession>& session,
                            const std::vector<runs::RunSnapshot>& changed) {
    for (const auto& run : changed) {
        const bool is_open = run.sweep && !run.is_final() && run.sweep->best_trial.empty();
        if (!is_open || !session->owns(run) || !known_.insert(run.job.key()).second) continue;
        services_.tasks.spawn(watch(session, run));
    }
}

asio::awaitable<void> SweepNewsFeature::watch(std::shared_ptr<AzureSession> session,
                                              runs::RunSnapshot sweep) {
    const auto stop = services_.tasks.stop_token();
    for (auto wait = first_look;; wait = std::min(2 * wait, longest_wait)) {
        co_await services_.clock.sleep_for(wait, stop);
        const auto now = session->watcher.find(sweep.job);
        if (!now || now->is_final() || !now->sweep || !now->sweep->best_trial.empty()) co_return;
        if (session->watcher.paused()) continue;
        try {
            const bool done = co_await look(*session, *now, stop);
            if (done) co_return;
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Cancelled) throw;
            services_.log.info(
                "the trials of {} could not be looked at: {}", sweep.job.name(), error.message());
        }
    }
}

asio::awaitable<bool> SweepNewsFeature::look(AzureSession& session,
                                             const runs::RunSnapshot& sweep,
                                             std::stop_token stop) {
    auto* connection = co_await session.access.connect(stop);
    const auto parts = co_await runs::list_parts_of(connection->client, sweep, most_parts, stop);
    const auto ended = std::ranges::find(parts, "Completed", &runs::RunSnapshot::status);
    if (ended == parts.end()) co_return false;
    const auto metrics = co_await runs::last_metrics(session.access, ended->job, stop);
    const auto logged = std::ranges::find(metrics, sweep.sweep->metric, &runs::MetricValue::name);
    if (logged != metrics.end()) co_return true;
    ui::Message message{.kind = ui::MessageKind::Warning};
    message.text = without_metric_text(sweep, *ended, metrics);
    const std::string show = localize("Show run");
    message.actions = {show};
    const auto pressed = co_await ui_.message(std::move(message), stop);
    if (pressed == show) {
        auto run = *ended;
        co_await ui_.show_run(std::move(run), UiFeature::RunPart::Page, std::move(stop));
    }
    co_return true;
}

}  // namespace aml::features
