#include "submit/upload_pace.hpp"

#include <algorithm>
#include <chrono>

namespace aml::submit {
namespace {

// What a request costs besides its bytes.
constexpr double request_work = 4096;
// Less than this may be chance.
constexpr double worthwhile = 1.05;
// Until it is tried again whether more gets through.
constexpr int rounds_between_trials = 8;
// Requests that take as long fill the line already; more of them would only time out.
constexpr std::chrono::seconds long_round{2};

}  // namespace

void UploadPace::sent(std::uint64_t bytes, TimePoint now) {
    ++ended_;
    work_ += request_work + static_cast<double>(bytes);
    if (ended_ >= at_once_ && now > round_began_) end_round(now);
}

void UploadPace::refused(TimePoint began, TimePoint now) {
    if (halved_at_ && began <= *halved_at_) return;
    halved_at_ = now;
    at_once_ = std::max(least, at_once_ / 2);
    rate_before_.reset();
    rounds_to_stay_ = rounds_between_trials;
    begin_round(now);
}

void UploadPace::end_round(TimePoint now) {
    const std::chrono::duration<double> lasted = now - round_began_;
    const auto rate = work_ / lasted.count();
    begin_round(now);
    if (rate_before_ && rate < *rate_before_ * worthwhile) {
        at_once_ = std::max(least, at_once_ - std::min(at_once_, step));
        rate_before_.reset();
        rounds_to_stay_ = rounds_between_trials;
        return;
    }
    if (rounds_to_stay_ > 0) {
        --rounds_to_stay_;
        return;
    }
    rate_before_.reset();
    if (lasted > long_round || at_once_ == most) return;
    rate_before_ = rate;
    at_once_ = std::min(most, at_once_ + step);
}

void UploadPace::begin_round(TimePoint now) {
    round_began_ = now;
    ended_ = 0;
    work_ = 0;
}

}  // namespace aml::submit
