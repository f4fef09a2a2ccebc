#pragma once

#include "async/event.hpp"
#include "http/transport.hpp"
#include "support/error.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace aml::transcript {

/// Every call is announced and waits until somebody answers it, or it is cancelled.
class HeldHttp final : public http::Transport {
public:
    /// `announce` gets each call with its number.
    explicit HeldHttp(std::function<void(const http::Request&, std::size_t)> announce)
        : announce_(std::move(announce)) {}

    asio::awaitable<http::Response> send(http::Request request, std::stop_token stop) override {
        if (stop.stop_requested()) throw cancelled();
        const auto call = std::make_shared<Call>(co_await asio::this_coro::executor, made_++);
        calls_.push_back(call);
        announce_(request, call->number);
        std::exception_ptr stopped;
        try {
            co_await call->answered.wait(std::move(stop));
        } catch (const Error&) {
            stopped = std::current_exception();
        }
        std::erase(calls_, call);
        if (stopped) std::rethrow_exception(stopped);
        if (call->failure) throw Error(*call->failure);
        co_return std::move(*call->response);
    }

    /// Answers the oldest call; false when there is none.
    bool answer(http::Response response) {
        const auto call = take();
        if (call) call->response = std::move(response);
        if (call) call->answered.set();
        return call != nullptr;
    }

    /// Lets the oldest call fail; false when there is none.
    bool fail(Error error) {
        const auto call = take();
        if (call) call->failure = std::move(error);
        if (call) call->answered.set();
        return call != nullptr;
    }

    /// Those of `numbers` that wait take each other's places, so that they are answered in this
    /// order.
    void put_in_order(const std::vector<std::size_t>& numbers) {
        const auto rank = [&](const std::shared_ptr<Call>& call) {
            return std::find(numbers.begin(), numbers.end(), call->number) - numbers.begin();
        };
        const auto outside = static_cast<std::ptrdiff_t>(numbers.size());
        std::vector<std::shared_ptr<Call>> ordered;
        for (const auto& call : calls_) {
            if (rank(call) < outside) ordered.push_back(call);
        }
        std::sort(ordered.begin(), ordered.end(), [&](const auto& left, const auto& right) {
            return rank(left) < rank(right);
        });
        auto next = ordered.begin();
        for (auto& call : calls_) {
            if (rank(call) < outside) call = *next++;
        }
    }

private:
    // Shared by the coroutine that waits and the queue.
    struct Call {
        Call(asio::any_io_executor executor, std::size_t count)
            : number(count),
              answered(std::move(executor)) {}

        std::size_t number;
        async::Event answered;
        std::optional<http::Response> response;
        std::optional<Error> failure;
    };

    std::shared_ptr<Call> take() {
        if (calls_.empty()) return nullptr;
        auto call = calls_.front();
        calls_.pop_front();
        return call;
    }

    std::function<void(const http::Request&, std::size_t)> announce_;
    std::size_t made_ = 0;
    std::deque<std::shared_ptr<Call>> calls_;
};

}  // namespace aml::transcript
