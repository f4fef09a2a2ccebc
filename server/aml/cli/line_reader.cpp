#include "cli/line_reader.hpp"

#include "async/run_blocking.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <array>
#include <system_error>
#include <utility>

namespace aml::cli {

LineReader::LineReader(int descriptor)
    : input_(descriptor) {}

asio::awaitable<std::optional<std::string>> LineReader::read(std::stop_token stop) {
    input_.rest();
    std::stop_callback wake(stop, [this] { input_.wake(); });
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
    std::array<char, 4096> buffer{};
    try {
        const auto count = input_.read(buffer.data(), buffer.size());
        if (!count) return false;
        if (*count == 0) at_end_ = true;
        pending_.append(buffer.data(), *count);
        return true;
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::Unavailable,
                    localize("The input cannot be read: {}.", system_text(error.code())));
    }
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
