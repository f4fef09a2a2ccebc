#pragma once

#include "async/event.hpp"
#include "rpc/transport.hpp"
#include "support/error.hpp"

#include <nlohmann/json.hpp>

#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace aml::test {

/// The client's end of a connection in the same process: `deliver` is what the client sends, `take`
/// what it gets.
class MemoryTransport final : public rpc::Transport {
public:
    explicit MemoryTransport(const asio::any_io_executor& executor)
        : arrived_(executor) {}

    void deliver(rpc::Incoming incoming) {
        inbox_.push_back(std::move(incoming));
        arrived_.set();
    }

    /// The client will send no more.
    void close() {
        closed_ = true;
        arrived_.set();
    }

    /// From now on every send fails, as when the client has gone.
    void break_output() { broken_ = true; }

    /// From now on a send waits for `gate`, as when the client does not read.
    void stall_output(async::Event& gate) { gate_ = &gate; }

    /// What was sent since the last call, in order.
    std::vector<nlohmann::json> take() { return std::exchange(outbox_, {}); }

    asio::awaitable<std::optional<rpc::Incoming>> receive(std::stop_token stop) override {
        while (inbox_.empty()) {
            if (closed_) co_return std::nullopt;
            arrived_.reset();
            co_await arrived_.wait(stop);
        }
        std::optional<rpc::Incoming> value = std::move(inbox_.front());
        inbox_.pop_front();
        co_return value;
    }

    asio::awaitable<void> send(nlohmann::json message) override {
        if (gate_ != nullptr) co_await gate_->wait();
        if (broken_) throw Error(ErrorKind::Unavailable, "The output is broken.");
        outbox_.push_back(std::move(message));
    }

private:
    async::Event arrived_;
    async::Event* gate_ = nullptr;
    std::deque<rpc::Incoming> inbox_;
    std::vector<nlohmann::json> outbox_;
    bool closed_ = false;
    bool broken_ = false;
};

}  // namespace aml::test
