#include "cli/command_line.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

/// How many of the first arguments are the command's name; 0 when they are not.
std::size_t words_of_name(const Command& command, std::span<const std::string> arguments) {
    auto rest = command.name;
    std::size_t count = 0;
    for (const auto& argument : arguments) {
        const auto blank = rest.find(' ');
        if (rest.substr(0, blank) != argument) return 0;
        ++count;
        if (blank == std::string_view::npos) return count;
        rest.remove_prefix(blank + 1);
    }
    return 0;
}

/// The command whose name the arguments begin with, the longest one if there are several; null
/// when there is none.
const Command* find_command(std::span<const std::string> arguments, CommandTable table) {
    const Command* found = nullptr;
    for (const auto* command : table) {
        if (words_of_name(*command, arguments) == 0) continue;
        if (found == nullptr || command->name.size() > found->name.size()) found = command;
    }
    return found;
}

UsageProblem unknown_command(const std::string& word, CommandTable table) {
    std::vector<std::string_view> longer;
    for (const auto* command : table) {
        if (command->name.starts_with(word + " ")) longer.push_back(command->name);
    }
    if (!longer.empty()) {
        return {.message = localize("'{}' is the beginning of several commands: {}.",
                                    word,
                                    fmt::join(longer, ", "))};
    }
    return {.message = localize("There is no command '{}'.", word)};
}

/// How many words it is applied to, at most.
std::size_t operands_of(const Command& command) {
    if (command.operand.empty()) return 0;
    return static_cast<std::size_t>(std::ranges::count(command.operand, ' ')) + 1;
}

ParsedCommandLine parse_words(const Command& command, std::span<const std::string> words) {
    std::vector tables{command.options};
    if (std::holds_alternative<AzureHandler>(command.handler)) tables.emplace_back(azure_options);
    CommandLine line(fmt::format("aml {}", command.name), words, tables);
    if (line.wants_help()) return HelpRequest{&command};
    const auto& operands = line.operands();
    auto wrong = [&command](std::string message) {
        return UsageProblem{.message = std::move(message), .command = &command};
    };
    if (command.operand.empty() && !operands.empty()) {
        return wrong(localize("'aml {}' takes no '{}'.", command.name, operands.front()));
    }
    const auto most = operands_of(command);
    if (operands.size() > most) {
        return wrong(localize("'aml {}' takes {}, so '{}' is one too many.",
                              command.name,
                              command.operand,
                              operands[most]));
    }
    if (operands.size() < most && command.operand_required) {
        return wrong(localize("'aml {}' needs {}.", command.name, command.operand));
    }
    auto operand = operands.empty() ? std::string() : operands.front();
    return TypedCommand{&command, std::move(line), std::move(operand)};
}

}  // namespace

ParsedCommandLine parse_command_line(std::span<const std::string> arguments, CommandTable table) {
    if (arguments.empty()) return HelpRequest{};
    const auto& first = arguments.front();
    if (first == "--help" || first == "-h") return HelpRequest{};
    if (first == "--version") return parse_command_line(std::array{std::string("version")}, table);
    if (first == "help") {
        const auto name = arguments.subspan(1);
        if (name.empty()) return HelpRequest{};
        if (const auto* command = find_command(name, table)) return HelpRequest{command};
        return unknown_command(name.front(), table);
    }
    const auto* command = find_command(arguments, table);
    if (command == nullptr) return unknown_command(first, table);
    try {
        return parse_words(*command, arguments.subspan(words_of_name(*command, arguments)));
    } catch (const Error& error) {
        return UsageProblem{.message = error.message(), .command = command};
    }
}

}  // namespace aml::cli
