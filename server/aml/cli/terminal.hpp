#pragma once

#include "support/localize.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace aml::cli {

enum class Colour { None, Red, Green, Yellow, Blue, Grey };

/// Where the output of a command goes, and what that can show.
struct TerminalOptions {
    std::FILE* out = stdout;
    std::FILE* error = stderr;
    /// `out` and `error` show colours.
    bool colours = false;
    /// `error` is a terminal whose last line can be drawn again.
    bool live = false;
    /// Print values for programs instead of text for people.
    bool json = false;

    /// As standard output and error are; NO_COLOR and TERM=dumb are honoured.
    /// Source: no-color.org.
    static TerminalOptions standard(bool json);
};

/// Output of a command: results on standard output, remarks and progress on standard error, so that
/// results can be piped. With `json` the result is one JSON value a line. A result that cannot be
/// written (a full disk) throws Unavailable once; the rest of it is dropped, as it is when its
/// reader has gone.
class Terminal final {
public:
    explicit Terminal(TerminalOptions options)
        : options_(options) {}

    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal();

    bool json() const { return options_.json; }

    /// Whether `live` shows anything.
    bool live_shows() const { return options_.live; }

    /// A line of the result, for people; nothing with `json`.
    void line(std::string_view text);

    void line(const LocalizedText& text) { line(text.shown()); }

    /// Text of the result as it is, e.g. a piece of a log; nothing with `json`.
    void text(std::string_view text);
    /// A value of the result, for programs; nothing without `json`.
    void value(const nlohmann::json& value);
    /// A remark for the user, on standard error.
    void remark(std::string_view text);

    void remark(const LocalizedText& text) { remark(text.shown()); }

    /// "error: text", on standard error.
    void error(std::string_view text);

    /// A question, on standard error; the answer is typed behind it.
    void prompt(std::string_view text);

    /// What is going on right now: the live line on a terminal, and nothing elsewhere. An empty
    /// text takes the line away.
    void live(std::string text, std::optional<int> percent = std::nullopt);

    /// `text` in a colour, if standard output shows any.
    std::string coloured(std::string_view text, Colour colour) const;

private:
    void hide_live();
    void show_live();
    void write(std::FILE* file, std::string_view text);

    TerminalOptions options_;
    std::string live_text_;
    bool live_shown_ = false;
    bool at_line_start_ = true;
    bool out_failed_ = false;
};

/// A bar such as "██████░░░░", `width` characters wide; `percent` is 0 to 100.
std::string progress_bar(int percent, int width);

}  // namespace aml::cli
