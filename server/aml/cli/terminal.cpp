#include "cli/terminal.hpp"

#include "cli/display_width.hpp"
#include "platform/environment.hpp"
#include "platform/terminal.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace aml::cli {
namespace {

constexpr std::string_view clear_line = "\r\x1b[2K";

std::string_view code_of(Colour colour) {
    switch (colour) {
        case Colour::Red:
            return "31";
        case Colour::Green:
            return "32";
        case Colour::Yellow:
            return "33";
        case Colour::Blue:
            return "34";
        case Colour::Grey:
            return "90";
        case Colour::None:
            break;
    }
    return "0";
}

}  // namespace

TerminalOptions TerminalOptions::standard(bool json) {
    TerminalOptions options;
    options.live = platform::is_drawable(stderr);
    options.colours = platform::is_drawable(stdout) && platform::variable("NO_COLOR").empty();
    options.json = json;
    return options;
}

Terminal::~Terminal() {
    hide_live();
}

void Terminal::line(std::string_view text) {
    if (options_.json) return;
    write(options_.out, fmt::format("{}{}\n", at_line_start_ ? "" : "\n", text));
    at_line_start_ = true;
}

void Terminal::text(std::string_view text) {
    if (options_.json || text.empty()) return;
    write(options_.out, text);
    at_line_start_ = text.back() == '\n';
}

void Terminal::value(const nlohmann::json& value) {
    if (!options_.json) return;
    const auto text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    write(options_.out, text + "\n");
}

void Terminal::remark(std::string_view text) {
    write(options_.error, fmt::format("{}\n", text));
}

void Terminal::error(std::string_view text) {
    const auto label = coloured(localize("error:").shown(), Colour::Red);
    write(options_.error, fmt::format("{}\n", localize("{} {}", label, text)));
}

void Terminal::prompt(std::string_view text) {
    live_text_.clear();
    write(options_.error, text);
}

void Terminal::live(std::string text, std::optional<int> percent) {
    if (!options_.live) return;
    live_text_ = percent ? fmt::format("{} {:3}%  {}", progress_bar(*percent, 20), *percent, text)
                         : std::move(text);
    show_live();
}

std::string Terminal::coloured(std::string_view text, Colour colour) const {
    if (!options_.colours || colour == Colour::None || text.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code_of(colour), text);
}

void Terminal::hide_live() {
    if (!live_shown_) return;
    fmt::print(options_.error, "{}", clear_line);
    std::fflush(options_.error);
    live_shown_ = false;
}

void Terminal::show_live() {
    // Text that ends in the middle of a line must not be drawn over.
    if (!options_.live || !at_line_start_) return;
    hide_live();
    if (live_text_.empty()) return;
    fmt::print(options_.error,
               "{}",
               cut_to_width(live_text_, platform::terminal_width(options_.error) - 1));
    std::fflush(options_.error);
    live_shown_ = true;
}

void Terminal::write(std::FILE* file, std::string_view text) {
    const bool is_result = file == options_.out;
    if (is_result && out_failed_) return;
    hide_live();
    const bool written =
        std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
    const int reason = errno;
    show_live();
    if (written || !is_result) return;
    out_failed_ = true;
    // A reader such as head has read what it wanted.
    if (reason == EPIPE) return;
    throw Error(ErrorKind::Unavailable,
                localize("Cannot write the output: {}.", system_text(reason)));
}

std::string progress_bar(int percent, int width) {
    const int full = std::clamp(percent, 0, 100) * width / 100;
    std::string bar;
    for (int at = 0; at < width; ++at) bar += at < full ? "█" : "░";
    return bar;
}

}  // namespace aml::cli
