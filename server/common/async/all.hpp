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

/// For each of `works` what starts it and keeps its result.
template <typename... Works, std::size_t... Places>
std::vector<std::function<asio::awaitable<void>(std::stop_token)>> starts_of(
    std::tuple<Works...>& works,
    std::tuple<std::optional<ResultOf<Works>>...>& results,
    std::index_sequence<Places...> /*places*/) {
    return {[&work = std::get<Places>(works), &result = std::get<Places>(results)](
                std::stop_token token) { return keep_result(work, result, std::move(token)); }...};
}

/// As `all`. Clang for Windows fails on a coroutine that has a pack of parameters.
template <typename... Works>
asio::awaitable<std::tuple<ResultOf<Works>...>> all_in(std::stop_token stop,
                                                       std::tuple<Works...> works) {
    std::tuple<std::optional<ResultOf<Works>>...> results;
    const auto starts = starts_of(works, results, std::index_sequence_for<Works...>());
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
    return all_in(std::move(stop), std::tuple<Works...>(std::move(works)...));
}

}  // namespace aml::async
