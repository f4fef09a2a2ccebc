#pragma once

#include "async/event.hpp"
#include "async/task_group.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace aml::async {

/// Many waiters, one operation: whoever asks while it runs gets the same result or error.
/// A waiter that is cancelled leaves alone; the operation ends with `group`, which must outlive
/// this object.
template <typename T>
class SingleFlight final {
public:
    using Start = std::function<asio::awaitable<T>(std::stop_token)>;

    explicit SingleFlight(TaskGroup& group)
        : group_(group) {}

    /// Joins the running operation, or starts one. Throws: what it throws; Cancelled when `stop`
    /// fires first.
    asio::awaitable<T> run(Start start, std::stop_token stop) {
        auto flight = current_.lock();
        if (!flight || flight->done.is_set()) {
            flight = std::make_shared<Flight>(co_await asio::this_coro::executor);
            current_ = flight;
            group_.spawn(fly(flight, std::move(start), group_.stop_token()));
        }
        co_await flight->done.wait(std::move(stop));
        if (flight->error) std::rethrow_exception(flight->error);
        co_return *flight->value;
    }

    /// Later callers start a new operation even if one is running.
    void forget() { current_.reset(); }

private:
    // Shared by the operation and its waiters.
    struct Flight {
        explicit Flight(asio::any_io_executor executor)
            : done(std::move(executor)) {}

        Event done;
        std::optional<T> value;
        std::exception_ptr error;
    };

    static asio::awaitable<void> fly(std::shared_ptr<Flight> flight,
                                     Start start,
                                     std::stop_token stop) {
        try {
            flight->value = co_await start(std::move(stop));
        } catch (...) {
            flight->error = std::current_exception();
        }
        flight->done.set();
    }

    TaskGroup& group_;
    // Kept alive by the operation and its waiters.
    std::weak_ptr<Flight> current_;
};

}  // namespace aml::async
