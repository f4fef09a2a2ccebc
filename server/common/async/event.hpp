#pragma once

#include "async/asio.hpp"

#include <stop_token>

namespace aml::async {

/// A flag that coroutines of one loop can wait for. Stays set until `reset`. Must outlive its
/// waiters.
class Event final {
public:
    explicit Event(asio::any_io_executor executor);

    void set();
    void reset();

    bool is_set() const { return set_; }

    /// Returns once set. Throws: Cancelled when `stop` fires first.
    asio::awaitable<void> wait(std::stop_token stop = {});

private:
    asio::steady_timer timer_;
    bool set_ = false;
};

}  // namespace aml::async
