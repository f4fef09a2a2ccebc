#pragma once

#include "async/clock.hpp"
#include "runs/run_snapshot.hpp"
#include "runs/usual_durations.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace aml::runs {

/// What one run has shown of itself, and whether it has shown nothing for longer than is usual. No
/// I/O: fed with its snapshots, and with what a look at its log and its metrics has found, for
/// which it says when one is due. How long is too long stands in a table in life_signs.cpp.
class LifeSigns final {
public:
    /// Two looks lie so far apart.
    static constexpr std::chrono::minutes look_period{10};

    LifeSigns(const RunSnapshot& run, async::Clock::TimePoint now);

    /// The run's latest snapshot: another status, another reason to wait or another value of a
    /// metric is a sign of life.
    void see(const RunSnapshot& run, async::Clock::TimePoint now);

    /// Whether log and metrics are to be looked at: the run is at work, and has shown nothing since
    /// the last look.
    bool wants_look(async::Clock::TimePoint now) const;

    /// What a look has found, in any form; empty when nothing was logged. Something else than at
    /// the last look is a sign of life.
    void see_output(std::string output, async::Clock::TimePoint now);

    /// For how long the run has shown nothing, in steps of five minutes, if that is longer than is
    /// usual; absent while its state cannot be read.
    std::optional<std::chrono::minutes> silence(async::Clock::TimePoint now,
                                                const UsualDurations& usual) const;

private:
    void live(async::Clock::TimePoint now);
    std::chrono::milliseconds patience(const UsualDurations& usual) const;

    RunPhase phase_;
    bool readable_ = true;
    /// What the snapshot showed.
    std::string shown_;
    async::Clock::TimePoint last_sign_;
    std::optional<async::Clock::TimePoint> looked_at_{};
    std::string output_{};
    /// The longest time without a sign of life between two of them, since the run is at work.
    std::chrono::milliseconds longest_gap_{0};
};

}  // namespace aml::runs
