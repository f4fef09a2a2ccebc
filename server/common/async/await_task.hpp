#pragma once

#include "async/asio.hpp"
#include "async/event.hpp"

#include <pplx/pplxtasks.h>

#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace aml::async {

/// A task of cpprestsdk's pool whose result is brought to a loop.
/// The loop must live until `posted` is done: then nothing of this touches it any more.
template <typename T>
class AwaitedTask final {
public:
    AwaitedTask(asio::any_io_executor loop, pplx::task<T> task) {
        outcome_ = std::make_shared<Outcome>(loop);
        auto guard = asio::prefer(loop, asio::execution::outstanding_work.tracked);
        auto delivery = std::make_shared<Delivery>(Delivery{outcome_, std::move(guard)});
        posted_ =
            task.then([loop, delivery](pplx::task<T> ended) { post_back(loop, *delivery, ended); });
    }

    /// Waits for the result, or rethrows what the task threw. When `stop` fires first it throws
    /// Cancelled at once; the task then ends unobserved, so whatever it uses must be owned by it.
    asio::awaitable<T> get(std::stop_token stop) const { return wait(outcome_, std::move(stop)); }

    /// Done when the result has been handed to the loop.
    pplx::task<void> posted() const { return posted_; }

private:
    // Shared by the waiting coroutine and the delivery, whichever ends last; destroyed on the loop.
    struct Outcome {
        explicit Outcome(asio::any_io_executor executor)
            : ended(std::move(executor)) {}

        Event ended;
        std::optional<T> value;
        std::exception_ptr error;
    };

    // Emptied by `post_back`: pplx keeps its copy of the continuation for longer, and destroys it
    // on its own thread.
    struct Delivery {
        std::shared_ptr<Outcome> outcome;
        std::optional<asio::any_io_executor> keeps_loop_running;
    };

    static void post_back(const asio::any_io_executor& loop,
                          Delivery& delivery,
                          pplx::task<T>& ended) {
        std::optional<T> value;
        std::exception_ptr error;
        try {
            value = ended.get();
        } catch (...) {
            error = std::current_exception();
        }
        auto deliver =
            [content = std::exchange(delivery, {}), value = std::move(value), error]() mutable {
                content.outcome->value = std::move(value);
                content.outcome->error = error;
                content.outcome->ended.set();
            };
        asio::post(loop, std::move(deliver));
    }

    static asio::awaitable<T> wait(std::shared_ptr<Outcome> outcome, std::stop_token stop) {
        co_await outcome->ended.wait(std::move(stop));
        if (outcome->error) std::rethrow_exception(outcome->error);
        co_return std::move(*outcome->value);
    }

    std::shared_ptr<Outcome> outcome_;
    pplx::task<void> posted_;
};

}  // namespace aml::async
