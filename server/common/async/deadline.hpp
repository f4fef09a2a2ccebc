#pragma once

#include "async/clock.hpp"
#include "async/linked_stop.hpp"
#include "async/result_of.hpp"
#include "async/task_group.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <stop_token>
#include <utility>

namespace aml::async {

/// The stop of work that may only take so long; the clockwork of `with_deadline`.
class Deadline final {
public:
    /// Fires when `limit` has passed or `stop` fires. `clock` must outlive this.
    Deadline(const asio::any_io_executor& executor,
             Clock& clock,
             std::chrono::milliseconds limit,
             std::stop_token stop);

    std::stop_token token() const { return stop_.token(); }

    /// Ends the timer. To be awaited before this goes.
    asio::awaitable<void> end();

    /// Whether `failure` says no more than that the work was stopped because its time was up.
    bool explains(const std::exception_ptr& failure) const;

private:
    asio::awaitable<void> expire(Clock& clock, std::chrono::milliseconds limit);

    std::stop_token caller_;
    LinkedStop stop_;
    TaskGroup timer_;
    bool passed_ = false;
};

/// Awaits `work(stop)`, where `stop` also fires once `limit` has passed. Returns its result
/// (`std::monostate` for none), or nothing when its time was up and it has ended as Cancelled.
/// Whatever it is, `work` has ended. Throws: what `work` throws; Cancelled when `stop` fires first.
template <typename Work>
asio::awaitable<std::optional<ResultOf<Work>>> with_deadline(Clock& clock,
                                                             std::chrono::milliseconds limit,
                                                             Work work,
                                                             std::stop_token stop) {
    Deadline deadline(co_await asio::this_coro::executor, clock, limit, std::move(stop));
    std::optional<ResultOf<Work>> result;
    std::exception_ptr failure;
    try {
        auto value = co_await result_of(work, deadline.token());
        result = std::move(value);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await deadline.end();
    if (failure && !deadline.explains(failure)) std::rethrow_exception(failure);
    co_return result;
}

}  // namespace aml::async
