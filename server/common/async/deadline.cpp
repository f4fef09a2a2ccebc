#include "async/deadline.hpp"

namespace aml::async {

Deadline::Deadline(const asio::any_io_executor& executor,
                   Clock& clock,
                   std::chrono::milliseconds limit,
                   std::stop_token stop)
    : caller_(stop),
      stop_(std::move(stop)),
      timer_(executor, nullptr) {
    timer_.spawn(expire(clock, limit));
}

asio::awaitable<void> Deadline::expire(Clock& clock, std::chrono::milliseconds limit) {
    co_await clock.sleep_for(limit, timer_.stop_token());
    passed_ = true;
    stop_.request_stop();
}

asio::awaitable<void> Deadline::end() {
    timer_.request_stop();
    co_await timer_.join();
}

bool Deadline::explains(const std::exception_ptr& failure) const {
    return passed_ && !caller_.stop_requested() && is_cancelled(failure);
}

}  // namespace aml::async
