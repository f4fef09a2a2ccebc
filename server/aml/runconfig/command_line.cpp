#include "runconfig/command_line.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace aml::runconfig {

namespace {

/// In the container, or on this machine: there one may begin with a drive.
bool is_absolute(std::string_view path) {
    return path.starts_with('/') || std::filesystem::path(path).is_absolute();
}

/// The words of a shell command; operators (`&&`, `;`, `|`, line ends) are words of their own.
std::vector<std::string> shell_words(std::string_view command) {
    std::vector<std::string> words;
    std::string word;
    bool inside = false;
    char quote = 0;
    const auto finish = [&] {
        if (inside) words.push_back(word);
        word.clear();
        inside = false;
    };
    for (std::size_t at = 0; at < command.size(); ++at) {
        const char c = command[at];
        if (quote != 0) {
            if (c == quote) {
                quote = 0;
            } else {
                word.push_back(c);
            }
        } else if (c == '"' || c == '\'') {
            quote = c;
            inside = true;
        } else if (c == '\\' && at + 1 < command.size()) {
            if (command[++at] == '\n') continue;
            word.push_back(command[at]);
            inside = true;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            finish();
        } else if (c == '\n' || c == ';' || c == '|' || c == '&') {
            finish();
            words.emplace_back(1, c);
        } else {
            word.push_back(c);
            inside = true;
        }
    }
    finish();
    return words;
}

bool is_operator(const std::string& word) {
    return word == "\n" || word == ";" || word == "|" || word == "&";
}

bool is_script(const std::string& word) {
    return word.ends_with(".py") && word.size() > 3 && !word.starts_with('-') &&
           word.find("://") == std::string::npos;
}

/// Whether only the container knows where a script is: by an absolute path, in the home folder, or
/// by a variable, an expression or a pattern.
bool is_elsewhere(const std::string& script) {
    return is_absolute(script) || script.starts_with('~') ||
           script.find_first_of("${}*=`") != std::string::npos;
}

}  // namespace

std::optional<CommandScript> script_in_command(std::string_view command) {
    const auto words = shell_words(command);
    bool only_command = !words.empty() && words.front().starts_with("python");
    bool elsewhere = false;
    for (const auto& word : words) {
        if (is_operator(word)) {
            only_command = false;
            elsewhere = false;
        }
        if (word == "cd" || word == "pushd") return std::nullopt;
        if (elsewhere || !is_script(word)) continue;
        // What follows is an argument of that script.
        elsewhere = is_elsewhere(word);
        if (!elsewhere) return CommandScript{word, only_command};
    }
    return std::nullopt;
}

std::set<std::string> absolute_paths(std::string_view command) {
    std::set<std::string> paths;
    for (auto& word : shell_words(command)) {
        if (is_absolute(word)) paths.insert(std::move(word));
    }
    return paths;
}

std::string shell_quoted(std::string_view word) {
    constexpr std::string_view safe =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";
    if (!word.empty() && word.find_first_not_of(safe) == std::string_view::npos)
        return std::string(word);
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'') {
            quoted += "'\\''";
        } else {
            quoted.push_back(c);
        }
    }
    return quoted + "'";
}

std::string with_option(std::string command, std::string_view flag, std::string_view value) {
    constexpr std::string_view blanks = " \t\r\n\\";
    const auto is_blank = [&](std::size_t at) {
        return at >= command.size() || blanks.find(command[at]) != std::string_view::npos;
    };
    for (auto at = command.find(flag); at != std::string::npos; at = command.find(flag, at + 1)) {
        const auto end = at + flag.size();
        const bool is_whole =
            (at == 0 || is_blank(at - 1)) && (is_blank(end) || command[end] == '=');
        if (!is_whole) continue;
        const auto from = std::min(command.find_first_not_of(" \t=", end), command.size());
        const auto to = std::min(command.find_first_of(blanks, from), command.size());
        const bool has_value = from < command.size() && command[from] != '-' && !is_blank(from);
        return command.replace(end, has_value ? to - end : 0, " " + std::string(value));
    }
    const auto addition = std::string(" ").append(flag).append(" ").append(value);
    const auto script = script_in_command(command);
    auto place = script ? command.find(script->path) : std::string::npos;
    if (place == std::string::npos) {
        const auto end = command.find_last_not_of(blanks);
        return command.insert(end == std::string::npos ? 0 : end + 1, addition);
    }
    place += script->path.size();
    while (!is_blank(place) && (command[place] == '"' || command[place] == '\'')) ++place;
    return command.insert(place, addition);
}

std::string_view flag_before(std::string_view command, std::size_t offset) {
    auto before = command.substr(0, offset);
    while (!before.empty() &&
           std::string_view(" \t=\"'").find(before.back()) != std::string_view::npos)
        before.remove_suffix(1);
    const auto start = before.find_last_of(" \t\r\n");
    const auto word = before.substr(start == std::string_view::npos ? 0 : start + 1);
    return word.starts_with('-') ? word : std::string_view();
}

std::vector<Expression> find_expressions(std::string_view text) {
    std::vector<Expression> found;
    std::size_t at = 0;
    // Found once for all expressions before it: many that are not closed must not each search on.
    auto close = text.find("}}");
    while ((at = text.find("${{", at)) != std::string_view::npos) {
        Expression expression;
        const auto inner_start = at + 3;
        if (close < inner_start) close = text.find("}}", inner_start);
        const auto next = text.find("${{", inner_start);
        expression.closed = close != std::string_view::npos && close < next;
        const auto end = expression.closed ? close : std::min(text.size(), next);
        const auto inner = trimmed_view(text.substr(inner_start, end - inner_start));
        const auto dot = inner.find('.');
        expression.root = std::string(trimmed_view(inner.substr(0, dot)));
        if (dot != std::string_view::npos) {
            const auto rest = inner.substr(dot + 1);
            expression.name = std::string(trimmed_view(rest.substr(0, rest.find('.'))));
        }
        expression.span = {at, expression.closed ? end + 2 : end};
        at = expression.span.end;
        found.push_back(std::move(expression));
    }
    return found;
}

}  // namespace aml::runconfig
