#pragma once

#include "async/asio.hpp"
#include "platform/stream.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace aml::cli {

/// Reads lines that somebody types, without blocking the loop and so that it can be stopped: a
/// thread waits for the input and for being woken. Destroy it only when no read is under way.
class LineReader final {
public:
    /// Reads from `descriptor`, one of the C library, which stays open. Throws:
    /// `std::system_error` when the system has nothing left to be woken by.
    explicit LineReader(int descriptor);

    /// The next line without its end; absent at the end of input. Throws: Cancelled when `stop`
    /// fires first, Unavailable when the input cannot be read.
    asio::awaitable<std::optional<std::string>> read(std::stop_token stop);

private:
    std::optional<std::string> read_blocking();
    bool read_more();
    std::optional<std::string> take_line();

    platform::InputStream input_;
    bool at_end_ = false;
    // Read but not handed out yet.
    std::string pending_;
    asio::thread_pool thread_{1};
};

}  // namespace aml::cli
