#include "runs/life_signs.hpp"

#include <algorithm>
#include <utility>

namespace aml::runs {
namespace {

using namespace std::chrono_literals;

/// When silence is too long: so many times what is usual, if that is known, but not before
/// `at_least`.
struct Patience {
    std::chrono::minutes at_least;
    int times_usual;
    std::chrono::minutes without_usual;
};

/// A run that waits; usual is how long earlier runs have waited.
constexpr Patience when_waiting{15min, 3, 45min};
/// A run at work that has logged something; usual is its own longest pause.
constexpr Patience when_talking{20min, 3, 30min};
/// A run at work that logs nothing, as many do before their end; usual is how long earlier runs
/// took.
constexpr Patience when_mute{20min, 1, 60min};

constexpr std::chrono::minutes told_in_steps_of{5};

std::chrono::milliseconds with(const Patience& patience,
                               std::optional<std::chrono::milliseconds> usual) {
    if (!usual) return patience.without_usual;
    return std::max<std::chrono::milliseconds>(patience.at_least, patience.times_usual * *usual);
}

/// What somebody who looks at the snapshot would notice.
std::string shown_by(const RunSnapshot& run) {
    auto shown = run.status + "\n" + run.queueing_message;
    for (const auto& metric : run.metrics) shown += "\n" + metric.name + " " + metric.value;
    return shown;
}

}  // namespace

LifeSigns::LifeSigns(const RunSnapshot& run, async::Clock::TimePoint now)
    : phase_(run.phase()),
      shown_(shown_by(run)),
      last_sign_(now) {
    // Whoever submitted it knows since when it waits.
    if (phase_ == RunPhase::Waiting && run.created_at) last_sign_ = std::min(now, *run.created_at);
}

void LifeSigns::live(async::Clock::TimePoint now) {
    if (!output_.empty()) {
        const auto gap = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_sign_);
        longest_gap_ = std::max(longest_gap_, gap);
    }
    last_sign_ = now;
}

void LifeSigns::see(const RunSnapshot& run, async::Clock::TimePoint now) {
    readable_ = !run.watch_problem;
    phase_ = run.phase();
    auto shown = shown_by(run);
    if (shown == shown_) return;
    shown_ = std::move(shown);
    live(now);
}

bool LifeSigns::wants_look(async::Clock::TimePoint now) const {
    if (phase_ != RunPhase::Active || !readable_) return false;
    return now - std::max(last_sign_, looked_at_.value_or(last_sign_)) >= look_period;
}

void LifeSigns::see_output(std::string output, async::Clock::TimePoint now) {
    looked_at_ = now;
    if (output == output_) return;
    live(now);
    output_ = std::move(output);
}

std::chrono::milliseconds LifeSigns::patience(const UsualDurations& usual) const {
    if (phase_ == RunPhase::Waiting) return with(when_waiting, usual.waiting);
    if (output_.empty()) return with(when_mute, usual.running);
    return with(when_talking, longest_gap_ > 0ms ? std::optional(longest_gap_) : std::nullopt);
}

std::optional<std::chrono::minutes> LifeSigns::silence(async::Clock::TimePoint now,
                                                       const UsualDurations& usual) const {
    if (!readable_ || phase_ == RunPhase::Final || phase_ == RunPhase::Unknown) return std::nullopt;
    // Of a run at work is known what the last look has shown, however long that is ago.
    const auto known = phase_ == RunPhase::Waiting ? now : looked_at_.value_or(last_sign_);
    if (known - last_sign_ < patience(usual)) return std::nullopt;
    const auto minutes = std::chrono::floor<std::chrono::minutes>(now - last_sign_);
    return minutes - minutes % told_in_steps_of;
}

}  // namespace aml::runs
