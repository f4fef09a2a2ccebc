#pragma once

#include "async/asio.hpp"
#include "async/event.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace aml::async {

/// Whether it is an `Error` of kind Cancelled.
bool is_cancelled(const std::exception_ptr& error);

/// Owns coroutines that run beside their starter: stop all, wait for all.
/// Destroying a group that still has tasks requests stop; the tasks then end on their own.
class TaskGroup final {
public:
    /// `on_error` gets what a task threw, Cancelled excepted; called on the loop.
    using OnError = std::function<void(std::exception_ptr)>;

    TaskGroup(asio::any_io_executor executor, OnError on_error);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    ~TaskGroup();

    /// Starts `task` at the next turn of the loop. Hand it `stop_token()` so that it can be
    /// stopped.
    void spawn(asio::awaitable<void> task);

    std::stop_token stop_token() const;
    void request_stop();
    std::size_t size() const;

    /// Returns when no task is left. Throws: Cancelled when `stop` fires first (tasks go on).
    asio::awaitable<void> join(std::stop_token stop = {});

private:
    struct State;
    asio::any_io_executor executor_;
    // Shared with the completion handlers of tasks that outlive the group.
    std::shared_ptr<State> state_;
};

/// Runs `step(0, stop)` … `step(count - 1, stop)`, at most `limit` at a time, and returns when all
/// have ended. The first failure stops the others and is rethrown. `step` must outlive the call.
asio::awaitable<void> for_each_parallel(
    std::size_t count,
    std::size_t limit,
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step,
    std::stop_token stop);

}  // namespace aml::async
