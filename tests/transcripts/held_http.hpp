#pragma once

#include "async/event.hpp"
#include "http/transport.hpp"
#include "support/error.hpp"

#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace aml::transcript {

/// Every call is announced and waits until somebody answers it, or it is cancelled.
class HeldHttp final : public http::Transport {
public:
    explicit HeldHttp(std::function<void(const http::Request&)> announce)
        : announce_(std::move(announce)) {}

    asio::awaitable<http::Response> send(http::Request request, std::stop_token stop) override {
        if (stop.stop_requested()) throw cancelled();
        const auto call = std::make_shared<Call>(co_await asio::this_coro::executor);
        calls_.push_back(call);
        announce_(request);
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

    std::size_t waiting() const { return calls_.size(); }

private:
    // Shared by the coroutine that waits and the queue.
    struct Call {
        explicit Call(asio::any_io_executor executor)
            : answered(std::move(executor)) {}

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

    std::function<void(const http::Request&)> announce_;
    std::deque<std::shared_ptr<Call>> calls_;
};

}  // namespace aml::transcript
