#pragma once

#include "async/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace aml::submit {

/// How many requests of an upload are under way at once. Small files far away cost latency, not
/// bytes: so the number grows as long as more gets through by it, as azcopy does it, goes back a
/// step where it does not, and is halved when storage or the line refuses. Holds numbers only; the
/// upload tells it what has ended and when.
class UploadPace final {
public:
    using TimePoint = async::Clock::TimePoint;

    static constexpr std::size_t first = 16;
    static constexpr std::size_t step = 16;
    static constexpr std::size_t least = 4;
    static constexpr std::size_t most = 128;

    explicit UploadPace(TimePoint now)
        : round_began_(now) {}

    std::size_t at_once() const { return at_once_; }

    /// A request has brought `bytes` through at the first attempt.
    void sent(std::uint64_t bytes, TimePoint now);

    /// A request that began at `began` was answered 429 or 503, or not at all, at least once. Those
    /// that were under way together count as one.
    void refused(TimePoint began, TimePoint now);

private:
    void end_round(TimePoint now);
    void begin_round(TimePoint now);

    std::size_t at_once_ = first;
    // A round lasts until as many requests have ended as may be under way.
    TimePoint round_began_;
    std::size_t ended_ = 0;
    double work_ = 0;
    // Work a second before the last growth; absent while the number stays as it is.
    std::optional<double> rate_before_ = 0;
    int rounds_to_stay_ = 0;
    std::optional<TimePoint> halved_at_;
};

}  // namespace aml::submit
