#include "platform/quoting.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <system_error>

namespace aml::platform {
namespace {

/// Backslashes count only before a quote: there, and before the closing one, they are doubled.
void append_quoted(std::string& line, std::string_view argument) {
    line += '"';
    std::size_t backslashes = 0;
    for (const char letter : argument) {
        if (letter == '"') line.append(backslashes + 1, '\\');
        backslashes = letter == '\\' ? backslashes + 1 : 0;
        line += letter;
    }
    line.append(backslashes, '\\');
    line += '"';
}

bool needs_quotes(std::string_view argument) {
    return argument.empty() || argument.find_first_of(" \t\n\v\"") != std::string_view::npos;
}

}  // namespace

std::string windows_command_line(const std::vector<std::string>& arguments) {
    std::string line;
    for (const auto& argument : arguments) {
        if (!line.empty()) line += ' ';
        if (needs_quotes(argument)) {
            append_quoted(line, argument);
        } else {
            line += argument;
        }
    }
    return line;
}

std::string script_command_line(std::string_view cmd, const std::vector<std::string>& arguments) {
    // No commands of the registry, the extensions that scripts expect, no "!variables!"; and only
    // the outermost quotes are taken off.
    std::string line = '"' + std::string(cmd) + "\" /d /e:on /v:off /s /c \"";
    for (const auto& argument : arguments) {
        if (argument.find_first_of("\"%\r\n") != std::string::npos)
            throw std::system_error(std::make_error_code(std::errc::invalid_argument));
        if (!line.ends_with("/c \"")) line += ' ';
        append_quoted(line, argument);
    }
    return line + '"';
}

bool is_cmd_script(std::string_view program) {
    const auto ends_with = [program](std::string_view ending) {
        if (program.size() < ending.size()) return false;
        const auto end = program.substr(program.size() - ending.size());
        return std::equal(end.begin(), end.end(), ending.begin(), [](char left, char right) {
            return std::tolower(static_cast<unsigned char>(left)) == right;
        });
    };
    return ends_with(".cmd") || ends_with(".bat");
}

}  // namespace aml::platform
