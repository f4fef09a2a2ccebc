#pragma once

#include "async/result_of.hpp"
#include "async/task_group.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <tuple>
#include <utility>
#include <vector>

namespace aml::async {

/// Awaits `work(stop)` and keeps what it gives.
template <typename Work>
asio::awaitable<void> keep_result(Work& work,
                                  std::optional<ResultOf<Work>>& result,
                                  std::stop_token stop) {
    auto value = co_await result_of(work, std::move(stop));
    result = std::move(value);
}

/// Awaits `work(stop)` for each of `works`, all side by side, and returns their results in order
/// (`std::monostate` for none). The first failure stops the others, which are awaited, and is
/// rethrown; so it is when `stop` fires. Name the works first, then await them:
///
///     auto code = [&](std::stop_token token) { return register_code(context, std::move(token)); };
///     auto compute = [&](std::stop_token token) { return find_compute(name, std::move(token)); };
///     auto found = co_await async::all(std::move(stop), code, compute);
///     auto& [code_version, compute_id] = found;
template <typename... Works>
asio::awaitable<std::tuple<ResultOf<Works>...>> all(std::stop_token stop, Works... works) {
    using Start = std::function<asio::awaitable<void>(std::stop_token)>;
    std::tuple<std::optional<ResultOf<Works>>...> results;
    std::vector<Start> starts;
    auto start_each = [&](auto&... result) {
        (starts.push_back([&works, &result](std::stop_token token) {
            return keep_result(works, result, std::move(token));
        }),
         ...);
    };
    std::apply(start_each, results);
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step =
        [&starts](std::size_t index, std::stop_token token) {
            return starts[index](std::move(token));
        };
    co_await for_each_parallel(starts.size(), starts.size(), step, std::move(stop));
    auto take = [](auto&... result) {
        return std::tuple<ResultOf<Works>...>(std::move(*result)...);
    };
    co_return std::apply(take, results);
}

}  // namespace aml::async
