#include "execution/windows_rules.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace aml::execution {

namespace {

constexpr std::array<std::string_view, 4> devices{"con", "prn", "aux", "nul"};
constexpr std::array<std::string_view, 2> numbered_devices{"com", "lpt"};
constexpr std::array<std::string_view, 4> words_of_bash{"export ", "source ", "set -", "[ "};

bool is_device(std::string_view part) {
    auto name = lower(part.substr(0, part.find('.')));
    while (name.ends_with(' ')) name.pop_back();
    if (std::ranges::find(devices, name) != devices.end()) return true;
    return name.size() == 4 && name[3] >= '1' && name[3] <= '9' &&
           std::ranges::find(numbered_devices, name.substr(0, 3)) != numbered_devices.end();
}

std::string objection_to_part(std::string_view part) {
    const auto forbidden = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 ||
               std::string_view("<>:\"|?*\\").find(c) != std::string_view::npos;
    };
    if (const auto bad = std::ranges::find_if(part, forbidden); bad != part.end()) {
        if (static_cast<unsigned char>(*bad) < 0x20) return "it has a control character";
        return fmt::format("it has a '{}'", *bad);
    }
    if (part.ends_with('.') || part.ends_with(' ')) return "it ends with a dot or a space";
    if (is_device(part)) return fmt::format("'{}' is the name of a device", part);
    return "";
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string_view without_blanks(std::string_view text) {
    const auto start = text.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

bool names_a_variable(char next) {
    return next == '{' || next == '(' || next == '_' || (next >= 'a' && next <= 'z') ||
           (next >= 'A' && next <= 'Z');
}

}  // namespace

std::string windows_objection_to(std::string_view name) {
    for (const auto part : split(name, '/')) {
        if (auto reason = objection_to_part(part); !reason.empty()) {
            return fmt::format(
                "'{}' cannot be the name of a file on Windows: {}.", name, std::move(reason));
        }
    }
    return "";
}

std::string needs_bash(std::string_view command) {
    if (command.find('`') != std::string_view::npos) return "`";
    for (auto at = command.find('$'); at != std::string_view::npos;
         at = command.find('$', at + 1)) {
        if (at + 1 < command.size() && names_a_variable(command[at + 1]))
            return std::string(command.substr(at, 2));
    }
    for (const auto line : split(command, '\n')) {
        for (const auto word : words_of_bash) {
            if (without_blanks(line).starts_with(word)) return std::string(without_blanks(word));
        }
    }
    return "";
}

std::string one_line(std::string_view command) {
    std::string line;
    bool goes_on = true;
    for (const auto piece : split(command, '\n')) {
        auto text = without_blanks(piece);
        if (text.empty() || text.starts_with('#')) continue;
        if (!goes_on) line += " & ";
        goes_on = text.ends_with('\\');
        if (goes_on) text.remove_suffix(1);
        line += text;
    }
    return line;
}

}  // namespace aml::execution
