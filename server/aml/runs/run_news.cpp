#include "runs/run_news.hpp"

#include "runs/run_metrics.hpp"
#include "runs/run_status.hpp"
#include "runs/sweep_text.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>

namespace aml::runs {
namespace {

/// More would not fit a screen.
constexpr std::size_t most_lines = 20;

void add_part(std::string& text, const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += " · ";
    text += part;
}

/// Of a sweep its best trial.
std::string metric_text(const RunSnapshot& run) {
    if (run.sweep) return best_trial_text(*run.sweep);
    const auto* metric = main_metric(run.metrics);
    return metric == nullptr ? std::string() : metric->name + " " + metric->value;
}

/// In whole minutes, so that it is true for as long as it is shown; empty in the first.
std::string minutes_text(std::chrono::milliseconds duration) {
    const auto minutes = std::chrono::floor<std::chrono::minutes>(duration);
    if (minutes.count() < 1) return {};
    if (minutes.count() < 60) return localize("{} min", minutes.count());
    return duration_text(minutes);
}

/// What there is to say of one run beside its name.
std::string state_text(const RunSnapshot& run, async::Clock::TimePoint now) {
    auto text = run.status.empty() ? std::string() : status_text(run.status);
    add_part(text, metric_text(run));
    const auto elapsed = run.is_final() ? std::nullopt : run.elapsed(now);
    if (elapsed) add_part(text, minutes_text(*elapsed));
    add_part(text, silence_text(run));
    return text;
}

/// "2 running · 1 waiting".
std::string counts_text(const std::vector<RunSnapshot>& runs) {
    const auto count = [&runs](RunPhase phase) {
        return std::ranges::count(runs, phase, &RunSnapshot::phase);
    };
    const auto running = count(RunPhase::Active);
    const auto waiting = count(RunPhase::Waiting);
    const auto unknown = count(RunPhase::Unknown);
    std::string text;
    if (running > 0) add_part(text, localize("{} running", running));
    if (waiting > 0) add_part(text, localize("{} waiting", waiting));
    if (unknown > 0) add_part(text, localize("{} paused or lost", unknown));
    return text;
}

std::string failed_text(const std::vector<RunSnapshot>& failed) {
    if (failed.empty()) return {};
    if (failed.size() == 1) return localize("{} failed", failed.front().title());
    return localize("{} runs failed", failed.size());
}

}  // namespace

std::string end_text(const RunSnapshot& run, const std::optional<Failure>& failure) {
    const auto name = run.title();
    const auto took = duration_text(run.elapsed({}).value_or(std::chrono::milliseconds(0)));
    if (run.status == "Canceled") return localize("{} was cancelled after {}.", name, took);
    if (run.status != "Completed") {
        const auto cause = failure ? failure->title : std::string();
        return cause.empty() ? localize("{} failed after {}.", name, took)
                             : localize("{} failed after {}: {}", name, took, cause);
    }
    const auto metric = metric_text(run);
    return metric.empty() ? localize("{} completed after {}.", name, took)
                          : localize("{} completed after {} · {}", name, took, metric);
}

std::string silence_text(const RunSnapshot& run) {
    if (!run.silent_for) return {};
    return localize("no sign of life for {}", minutes_text(*run.silent_for));
}

std::string silence_news(const RunSnapshot& run) {
    const auto duration = minutes_text(run.silent_for.value_or(std::chrono::minutes(0)));
    return localize("{} has shown no sign of life for {}.", run.title(), duration);
}

RunNews news_of(const std::vector<RunSnapshot>& active,
                const std::vector<RunSnapshot>& failed,
                async::Clock::TimePoint now) {
    RunNews news{.active = active.size()};
    const bool is_silent = std::ranges::any_of(
        active, [](const RunSnapshot& run) { return run.silent_for.has_value(); });
    if (active.size() == 1) {
        news.text = active.front().title();
        add_part(news.text, state_text(active.front(), now));
        news.icon = look_of(active.front().status).icon;
    } else if (!active.empty()) {
        news.text = counts_text(active);
        if (is_silent) add_part(news.text, localize("one without a sign of life"));
        news.icon = "sync~spin";
    }
    add_part(news.text, failed_text(failed));
    if (is_silent) {
        news.icon = "warning";
        news.background = "statusBarItem.warningBackground";
    }
    if (!failed.empty()) {
        if (active.empty()) news.icon = "error";
        news.background = "statusBarItem.errorBackground";
    }
    const auto add_lines = [&](const std::vector<RunSnapshot>& runs) {
        for (const auto& run : runs) {
            auto line = run.title();
            add_part(line, run.experiment);
            add_part(line, state_text(run, now));
            news.lines.push_back(std::move(line));
        }
    };
    add_lines(failed);
    add_lines(active);
    if (news.lines.size() > most_lines) {
        const auto left = news.lines.size() - most_lines;
        news.lines.resize(most_lines);
        news.lines.push_back(localize("and {} more", left));
    }
    if (failed.size() == 1) {
        news.run = failed.front().job;
    } else if (failed.empty() && active.size() == 1) {
        news.run = active.front().job;
    }
    return news;
}

}  // namespace aml::runs
