#pragma once

#include "rpc/transport.hpp"

#include <memory>

namespace aml::rpc {

/// Framed JSON over two descriptors of the C library. A thread reads, frames and parses; another
/// one encodes and writes; the loop owns both queues. Neither thread outlives the transport, even
/// if the other side stops reading or writing.
class StdioTransport final : public Transport {
public:
    /// Standard input and output unless told otherwise; the descriptors stay open. `loop` must
    /// outlive this.
    explicit StdioTransport(asio::any_io_executor loop, int input = 0, int output = 1);
    StdioTransport(const StdioTransport&) = delete;
    StdioTransport& operator=(const StdioTransport&) = delete;
    ~StdioTransport() override;

    asio::awaitable<std::optional<Incoming>> receive(std::stop_token stop) override;
    asio::awaitable<void> send(nlohmann::json message) override;

private:
    class Reader;
    class Writer;

    std::unique_ptr<Reader> reader_;
    std::unique_ptr<Writer> writer_;
};

}  // namespace aml::rpc
