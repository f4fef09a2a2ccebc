#include "async/clock.hpp"

#include "support/error.hpp"

#include <boost/asio/redirect_error.hpp>

namespace aml::async {
namespace {

class SystemClock final : public Clock {
public:
    TimePoint now() const override { return std::chrono::system_clock::now(); }

    asio::awaitable<void> sleep_until(TimePoint time, std::stop_token stop) override {
        if (stop.stop_requested()) throw cancelled();
        // A steady timer: a change of the wall clock must not lengthen a wait.
        asio::steady_timer timer(co_await asio::this_coro::executor);
        timer.expires_after(time - now());
        auto wake = [&timer] { timer.cancel(); };
        std::stop_callback on_stop(stop, wake);
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (stop.stop_requested()) throw cancelled();
    }
};

}  // namespace

asio::awaitable<void> Clock::sleep_for(std::chrono::milliseconds duration, std::stop_token stop) {
    return sleep_until(now() + duration, std::move(stop));
}

std::unique_ptr<Clock> system_clock() {
    return std::make_unique<SystemClock>();
}

}  // namespace aml::async
