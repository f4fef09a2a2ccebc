#include "async/event.hpp"

#include "support/error.hpp"

#include <boost/asio/redirect_error.hpp>

namespace aml::async {

Event::Event(asio::any_io_executor executor)
    : timer_(std::move(executor), asio::steady_timer::time_point::max()) {}

void Event::set() {
    set_ = true;
    timer_.cancel();
}

void Event::reset() {
    set_ = false;
}

asio::awaitable<void> Event::wait(std::stop_token stop) {
    // Cancelling the shared timer wakes every waiter; those that were not meant wait again.
    auto wake = [this] { timer_.cancel(); };
    std::stop_callback on_stop(stop, wake);
    while (!set_) {
        if (stop.stop_requested()) throw cancelled();
        boost::system::error_code ignored;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

}  // namespace aml::async
