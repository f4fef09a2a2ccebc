#pragma once

#include "async/asio.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>

namespace aml::async {

/// Runs `work` on `pool` and returns its result on the caller's loop; exceptions travel with it.
/// `work` must own what it uses (values moved in). It is not interrupted: pass it a stop token if
/// it may be long.
template <typename Work>
asio::awaitable<std::invoke_result_t<Work&>> run_blocking(asio::thread_pool& pool, Work work) {
    using Result = std::invoke_result_t<Work&>;
    using Stored = std::conditional_t<std::is_void_v<Result>, char, Result>;

    struct Outcome {
        std::exception_ptr error;
        std::optional<Stored> value;
    };

    const auto loop = co_await asio::this_coro::executor;
    auto outcome = std::make_shared<Outcome>();
    auto task = std::make_shared<Work>(std::move(work));
    auto initiate = [&pool, loop, outcome, task](auto handler) mutable {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        auto guard = asio::prefer(loop, asio::execution::outstanding_work.tracked);
        asio::post(pool, [guard, loop, outcome, task, shared]() mutable {
            try {
                if constexpr (std::is_void_v<Result>) {
                    (*task)();
                    outcome->value = 0;
                } else {
                    outcome->value = (*task)();
                }
            } catch (...) {
                outcome->error = std::current_exception();
            }
            task.reset();
            outcome.reset();
            asio::post(loop, [shared = std::move(shared)]() mutable { (*shared)(); });
        });
    };
    task.reset();
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate,
                                                                         asio::use_awaitable);
    if (outcome->error) std::rethrow_exception(outcome->error);
    if constexpr (!std::is_void_v<Result>) co_return std::move(*outcome->value);
}

}  // namespace aml::async
