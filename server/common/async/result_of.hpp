#pragma once

#include "async/asio.hpp"

#include <stop_token>
#include <type_traits>
#include <utility>
#include <variant>

namespace aml::async {

/// The type in an awaitable.
template <typename Awaitable>
struct AwaitedType;

template <typename T>
struct AwaitedType<asio::awaitable<T>> {
    using Type = T;
};

/// What `work(stop)` gives when it is awaited; `std::monostate` where that is nothing.
template <typename Work>
using ResultOf = std::conditional_t<
    std::is_void_v<typename AwaitedType<std::invoke_result_t<Work&, std::stop_token>>::Type>,
    std::monostate,
    typename AwaitedType<std::invoke_result_t<Work&, std::stop_token>>::Type>;

/// Awaits `work(stop)`, and stands for its nothing where it returns none.
template <typename Work>
asio::awaitable<ResultOf<Work>> result_of(Work& work, std::stop_token stop) {
    if constexpr (std::is_same_v<ResultOf<Work>, std::monostate>) {
        co_await work(std::move(stop));
        co_return std::monostate();
    } else {
        co_return co_await work(std::move(stop));
    }
}

}  // namespace aml::async
