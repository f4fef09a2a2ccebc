#include "runs/traceback_lines.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace aml::runs {

namespace {

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

/// Letters of other languages may be in identifiers, too.
bool is_identifier_letter(char letter) {
    const auto lowered = lower(letter);
    return static_cast<unsigned char>(letter) >= 0x80 || letter == '_' || is_digit(letter) ||
           (lowered >= 'a' && lowered <= 'z');
}

std::size_t leading_digits(std::string_view text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    return static_cast<std::size_t>(end - text.begin());
}

/// Where the escape sequence at the start of `text` ends. Source: ECMA-48, 5.4 and 5.6.
std::size_t escape_length(std::string_view text) {
    if (text.size() < 2) return text.size();
    const bool is_control = text[1] == '[';
    const bool is_string = std::string_view("]PX^_").find(text[1]) != std::string_view::npos;
    std::size_t end = is_control || is_string ? 2 : 1;
    if (!is_string) {
        // Parameters and intermediates, or the latter alone, then the final letter.
        const char last = is_control ? 0x3F : 0x2F;
        while (end < text.size() && text[end] >= 0x20 && text[end] <= last) ++end;
        return std::min(end + 1, text.size());
    }
    while (end < text.size() && text[end] != '\a' && text[end] != '\x1B') ++end;
    const std::size_t terminator = end < text.size() && text[end] == '\x1B' ? 2 : 1;
    return std::min(end + terminator, text.size());
}

/// The end of `[rank0]:`, `[default0]:` or `[1,0]<stderr>:` at the start of `line`; 0 for another.
std::size_t rank_length(std::string_view line) {
    auto rest = line.substr(1);
    bool is_named = false;
    for (const std::string_view name : {"rank", "default"}) {
        if (!rest.starts_with(name)) continue;
        rest.remove_prefix(name.size());
        is_named = true;
    }
    const auto first = leading_digits(rest);
    rest.remove_prefix(first);
    if (first == 0) return 0;
    if (is_named) return rest.starts_with("]:") ? line.size() - rest.size() + 2 : 0;
    if (!rest.starts_with(',')) return 0;
    rest.remove_prefix(1);
    rest.remove_prefix(leading_digits(rest));
    for (const std::string_view tag : {"]<stderr>:", "]<stdout>:"}) {
        if (rest.starts_with(tag)) return line.size() - rest.size() + tag.size();
    }
    return 0;
}

/// The end of `(train pid=7)` at the start of `line`; 0 for another.
std::size_t worker_length(std::string_view line) {
    const auto end = line.find(") ");
    if (end == std::string_view::npos) return 0;
    return line.substr(0, end).find("pid=") == std::string_view::npos ? 0 : end + 1;
}

}  // namespace

std::string shown_line(std::string_view line) {
    while (line.ends_with('\r')) line.remove_suffix(1);
    const auto overwritten = line.rfind('\r');
    if (overwritten != std::string_view::npos) line.remove_prefix(overwritten + 1);
    std::string shown;
    while (!line.empty()) {
        const auto plain = std::min(line.find('\x1B'), line.size());
        shown += line.substr(0, plain);
        line.remove_prefix(plain);
        line.remove_prefix(escape_length(line));
    }
    std::erase(shown, '\0');
    return shown;
}

std::string_view take_process(std::string_view& line) {
    std::size_t length = 0;
    if (line.starts_with('[')) length = rank_length(line);
    if (line.starts_with('(')) length = worker_length(line);
    const auto process = line.substr(0, length);
    line.remove_prefix(length);
    if (length > 0 && line.starts_with(' ')) line.remove_prefix(1);
    return process;
}

std::optional<SourceLine> parse_frame(std::string_view line) {
    constexpr std::string_view path_start = "File \"";
    constexpr std::string_view number_start = "\", line ";
    constexpr std::string_view function_start = ", in ";
    constexpr std::size_t most_digits = 9;
    line = trimmed_view(line);
    if (!line.starts_with(path_start)) return std::nullopt;
    line.remove_prefix(path_start.size());
    const auto path_end = line.find(number_start);
    if (path_end == std::string_view::npos || path_end == 0) return std::nullopt;
    SourceLine frame{.path = std::string(line.substr(0, path_end))};
    line.remove_prefix(path_end + number_start.size());
    const auto digits = leading_digits(line);
    if (digits == 0 || digits > most_digits) return std::nullopt;
    for (const char digit : line.substr(0, digits)) {
        frame.line = frame.line * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    line.remove_prefix(digits);
    if (line.empty()) return frame;
    if (!line.starts_with(function_start)) return std::nullopt;
    const auto function = line.substr(function_start.size());
    if (function != "<module>") frame.function = function;
    return frame;
}

std::optional<PythonException> parse_exception(std::string_view line) {
    constexpr std::string_view in_function = "<locals>";
    std::size_t end = 0;
    // At the start of one of the names that dots part.
    bool begins = true;
    while (end < line.size()) {
        std::size_t taken = 0;
        if (begins && end > 0 && line.substr(end).starts_with(in_function)) {
            taken = in_function.size();
        } else if (is_identifier_letter(line[end]) && !(begins && is_digit(line[end]))) {
            taken = 1;
        }
        if (taken == 0 && (line[end] != '.' || begins)) break;
        begins = taken == 0;
        end += std::max<std::size_t>(taken, 1);
    }
    if (begins) return std::nullopt;
    const auto rest = line.substr(end);
    const auto message = trimmed_view(rest);
    if (!message.empty() && !rest.starts_with(':')) return std::nullopt;
    PythonException exception{.type = std::string(line.substr(0, end))};
    if (!message.empty()) exception.message = trimmed(message.substr(1));
    return exception;
}

bool is_marks(std::string_view line) {
    return !line.empty() && line.find_first_not_of(" \t~^") == std::string_view::npos;
}

bool is_other_output(std::string_view line) {
    constexpr std::array<std::string_view, 3> starts{
        "Cleaning up all outstanding Run operations", "wandb: ", "srun: "};
    constexpr std::array<std::string_view, 2> progress{"it/s]", "s/it]"};
    const auto begins = [line](std::string_view start) { return line.starts_with(start); };
    const auto holds = [line](std::string_view part) {
        return line.find(part) != std::string_view::npos;
    };
    if (std::any_of(starts.begin(), starts.end(), begins)) return true;
    if (std::any_of(progress.begin(), progress.end(), holds)) return true;
    if (line.empty()) return false;
    const auto time = line.front() == '[' ? line.substr(1) : line;
    if (leading_digits(time) == 4 && time.substr(4).starts_with('-')) return true;
    // Google's logging: a letter for the level, then month and day.
    return std::string_view("IWEF").find(line.front()) != std::string_view::npos &&
           leading_digits(line.substr(1)) == 4;
}

}  // namespace aml::runs
