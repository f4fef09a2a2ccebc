#include "execution/placeholders.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aml::execution {

namespace {

constexpr std::size_t longest_message = 3'000;
constexpr std::size_t tail_lines = 20;
constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr char no_quote = '\0';

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

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

/// The quote of a shell that is open after `text`, when `quote` is open before it.
char quote_after(std::string_view text, char quote) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\\' && quote != '\'') {
            ++at;
        } else if (quote == no_quote && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == quote) {
            quote = no_quote;
        }
    }
    return quote;
}

bool is_plain(char c) {
    return is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view("/._-+:,@%=").find(c) != std::string_view::npos;
}

/// A path as a shell reads it, inside of `quote` or outside of any. In double quotes cmd.exe reads
/// it as bash does, unless it has characters that no path of Windows has.
std::string as_word(std::string_view path, char quote) {
    if (quote == '\'' || std::ranges::all_of(path, is_plain)) return std::string(path);
    std::string word;
    for (const char c : path) {
        if (std::string_view("$`\"\\").find(c) != std::string_view::npos) word += '\\';
        word += c;
    }
    return quote == '"' ? word : '"' + word + '"';
}

}  // namespace

std::string substitute(
    std::string_view command,
    const std::function<std::optional<Replacement>(std::string_view name)>& lookup) {
    constexpr std::string_view open = "${{";
    constexpr std::string_view close = "}}";
    std::string result;
    char quote = no_quote;
    for (;;) {
        const auto start = command.find(open);
        result += command.substr(0, start);
        quote = quote_after(command.substr(0, start), quote);
        if (start == std::string_view::npos) return result;
        const auto end = command.find(close, start);
        if (end == std::string_view::npos) {
            throw Error(ErrorKind::Rejected,
                        localize("The command has a '${{{{' that is not closed with '}}}}'."));
        }
        const auto name = trim(command.substr(start + open.size(), end - start - open.size()));
        const auto value = lookup(name);
        if (!value) {
            throw Error(
                ErrorKind::Rejected,
                localize("The command names '{}', which is not an input or output of the job.",
                         name));
        }
        result += value->is_path ? as_word(value->text, quote) : value->text;
        command.remove_prefix(end + close.size());
    }
}

std::string failure_message(std::string_view command,
                            const FailedProcess& process,
                            std::string_view log_tail) {
    const auto& exit = process.exit;
    const auto who = fmt::format("'{}'{}",
                                 program_of(command),
                                 process.name.empty() ? "" : fmt::format(" of {}", process.name));
    auto message =
        exit.signalled
            ? fmt::format("Execution failed. User process {} was ended by signal {} ({}).",
                          who,
                          exit.code,
                          exit.signal_name)
            : fmt::format(
                  "Execution failed. User process {} exited with status code {}.", who, exit.code);
    message += fmt::format(" Please check log file 'user_logs/{}' for error details.", process.log);
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
        if (bytes.front() != '\0' && decode_utf8(character)) {
            text += character;
            bytes.remove_prefix(length);
        } else {
            text += replacement;
            bytes.remove_prefix(1);
        }
    }
    return text;
}

}  // namespace aml::execution
