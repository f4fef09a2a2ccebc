#include "platform/terminal.hpp"

#include "platform/environment.hpp"

#include <csignal>
#include <sys/ioctl.h>
#include <unistd.h>

namespace aml::platform {

StandardStreams::StandardStreams() {
    std::signal(SIGPIPE, SIG_IGN);
}

StandardStreams::~StandardStreams() = default;

bool is_terminal(std::FILE* file) {
    return ::isatty(::fileno(file)) != 0;
}

bool is_drawable(std::FILE* file) {
    const auto kind = variable("TERM");
    return !kind.empty() && kind != "dumb" && is_terminal(file);
}

std::size_t terminal_width(std::FILE* file) {
    winsize size{};
    if (::ioctl(::fileno(file), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

}  // namespace aml::platform
