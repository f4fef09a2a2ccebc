#pragma once

#include "async/asio.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace aml::test {

/// Runs the loop until `task` has ended and returns its result or rethrows what it threw.
template <typename T>
T run(asio::io_context& loop, asio::awaitable<T> task) {
    std::optional<T> result;
    std::exception_ptr error;
    bool done = false;
    auto finished = [&](std::exception_ptr thrown, T value) {
        error = thrown;
        if (!thrown) result = std::move(value);
        done = true;
    };
    asio::co_spawn(loop, std::move(task), finished);
    loop.restart();
    while (!done && loop.run_one() > 0) {
    }
    if (error) std::rethrow_exception(error);
    return std::move(*result);
}

inline void run(asio::io_context& loop, asio::awaitable<void> task) {
    std::exception_ptr error;
    bool done = false;
    auto finished = [&](std::exception_ptr thrown) {
        error = thrown;
        done = true;
    };
    asio::co_spawn(loop, std::move(task), finished);
    loop.restart();
    while (!done && loop.run_one() > 0) {
    }
    if (error) std::rethrow_exception(error);
}

}  // namespace aml::test
