#include "cli/line_reader.hpp"

#include "async/run_blocking.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace aml::cli {
namespace {

Error failure(const LocalizedText& what) {
    const auto reason = system_text(errno);
    return {ErrorKind::Unavailable, localize("{}: {}", what, reason)};
}

void drain(int waker) {
    std::uint64_t count = 0;
    while (::read(waker, &count, sizeof count) > 0) {
    }
}

}  // namespace

LineReader::LineReader(int descriptor)
    : descriptor_(descriptor),
      waker_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (waker_ < 0) throw Error(ErrorKind::InternalError, "No descriptor to wake a reader by.");
}

LineReader::~LineReader() {
    thread_.join();
    close(waker_);
}

asio::awaitable<std::optional<std::string>> LineReader::read(std::stop_token stop) {
    drain(waker_);
    std::stop_callback wake(stop, [this] {
        const std::uint64_t once = 1;
        // Fails only when it is woken already.
        [[maybe_unused]] const auto written = ::write(waker_, &once, sizeof once);
    });
    auto work = [this] { return read_blocking(); };
    auto line = co_await async::run_blocking(thread_, work);
    if (stop.stop_requested()) throw cancelled();
    co_return line;
}

std::optional<std::string> LineReader::read_blocking() {
    for (;;) {
        if (auto line = take_line()) return line;
        if (at_end_ || !read_more()) return std::nullopt;
    }
}

// False when it was woken.
bool LineReader::read_more() {
    std::array<pollfd, 2> waiting{pollfd{.fd = descriptor_, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = waker_, .events = POLLIN, .revents = 0}};
    while (poll(waiting.data(), waiting.size(), -1) < 0) {
        if (errno != EINTR) throw failure(localize("The input cannot be waited for"));
    }
    if (waiting[1].revents != 0) return false;
    std::array<char, 4096> buffer{};
    const auto count = ::read(descriptor_, buffer.data(), buffer.size());
    if (count < 0 && errno != EINTR) throw failure(localize("The input cannot be read"));
    if (count == 0) at_end_ = true;
    if (count > 0) pending_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

std::optional<std::string> LineReader::take_line() {
    const auto end = pending_.find('\n');
    if (end != std::string::npos) {
        auto line = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        if (line.ends_with('\r')) line.pop_back();
        return line;
    }
    if (!at_end_ || pending_.empty()) return std::nullopt;
    return std::exchange(pending_, {});
}

}  // namespace aml::cli
