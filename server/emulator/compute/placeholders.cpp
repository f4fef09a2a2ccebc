#include "compute/placeholders.hpp"

#include "core/text.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace aml::emulator {

namespace {

constexpr std::size_t longest_message = 3'000;
constexpr std::size_t tail_lines = 20;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::string_view trim(std::string_view text) {
    const auto start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1);
}

// Bytes of the character that starts with `lead`, by UTF-8's rules.
std::size_t character_length(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    if (byte < 0x80) return 1;
    if (byte >= 0xF0) return 4;
    return byte >= 0xE0 ? 3 : 2;
}

// The program a shell command starts with, as Azure names it: `python` of `A=1 /usr/bin/python
// x.py`.
std::string_view program_of(std::string_view command) {
    for (command = trim(command); !command.empty();) {
        const auto end = std::min(command.find_first_of(" \t\r\n;&|"), command.size());
        const auto word = command.substr(0, end);
        if (word.find('=') == std::string_view::npos)
            return word.substr(word.find_last_of('/') + 1);
        command = trim(command.substr(end));
    }
    return "command";
}

std::string_view last_lines(std::string_view text, std::size_t count) {
    text = trim(text);
    auto start = text.size();
    while (count > 0 && start != std::string_view::npos && start > 0) {
        start = text.rfind('\n', start - 1);
        --count;
    }
    return start == std::string_view::npos ? text : trim(text.substr(start));
}

std::string_view cause(std::string_view log_tail) {
    const auto traceback = log_tail.rfind("Traceback (most recent call last)");
    if (traceback != std::string_view::npos) return trim(log_tail.substr(traceback));
    return last_lines(log_tail, tail_lines);
}

}  // namespace

std::string substitute(
    std::string_view command,
    const std::function<std::optional<std::string>(std::string_view name)>& lookup) {
    constexpr std::string_view open = "${{";
    constexpr std::string_view close = "}}";
    std::string result;
    for (;;) {
        const auto start = command.find(open);
        result += command.substr(0, start);
        if (start == std::string_view::npos) return result;
        const auto end = command.find(close, start);
        if (end == std::string_view::npos) {
            throw Error(ErrorKind::Rejected,
                        "The command has a '${{' that is not closed with '}}'.");
        }
        const auto name = trim(command.substr(start + open.size(), end - start - open.size()));
        const auto value = lookup(name);
        if (!value) {
            throw Error(
                ErrorKind::Rejected,
                fmt::format("The command names '{}', which is not an input or output of the job.",
                            name));
        }
        result += *value;
        command.remove_prefix(end + close.size());
    }
}

std::string failure_message(std::string_view command,
                            int code,
                            bool signalled,
                            std::string_view log_tail) {
    auto message =
        signalled ? fmt::format("Execution failed. User process '{}' was ended by signal {} ({}).",
                                program_of(command),
                                code,
                                ::strsignal(code))
                  : fmt::format("Execution failed. User process '{}' exited with status code {}.",
                                program_of(command),
                                code);
    message += " Please check log file 'user_logs/std_log.txt' for error details.";
    auto reason = printable(cause(log_tail));
    if (reason.empty()) return message;
    const auto room = longest_message - message.size() - 16;
    if (reason.size() > room) {
        auto start = reason.size() - room;
        while (start < reason.size() &&
               (static_cast<unsigned char>(reason[start]) & 0xC0U) == 0x80U)
            ++start;
        reason.erase(0, start);
    }
    return message + " Error: " + reason;
}

std::string printable(std::string_view bytes) {
    std::string text;
    while (!bytes.empty()) {
        const auto length = std::min(character_length(bytes.front()), bytes.size());
        const auto character = bytes.substr(0, length);
        if (bytes.front() != '\0' && is_utf8(character)) {
            text += character;
            bytes.remove_prefix(length);
        } else {
            text += replacement;
            bytes.remove_prefix(1);
        }
    }
    return text;
}

}  // namespace aml::emulator
