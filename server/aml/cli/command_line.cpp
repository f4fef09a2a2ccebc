#include "cli/command_line.hpp"

#include "support/localize.hpp"

#include <algorithm>
#include <utility>

namespace aml::cli {
namespace {

const OptionSpec* find_option(const CommandSpec& command, std::string_view name) {
    for (const auto options : {command.options, common_options()}) {
        const auto same_name = [name](const OptionSpec& option) { return option.name == name; };
        const auto found = std::find_if(options.begin(), options.end(), same_name);
        if (found != options.end()) return &*found;
    }
    return nullptr;
}

/// Reads the words after the command's name, one after the other.
class Reader final {
public:
    Reader(const CommandSpec& command, std::span<const std::string> words)
        : words_(words) {
        line_.command = &command;
    }

    ParsedCommandLine read() {
        while (at_ < words_.size()) {
            const auto& word = words_[at_++];
            if (word == "--help" || word == "-h") return HelpRequest{line_.command};
            auto problem = read_word(word);
            if (problem) return problem_of(std::move(*problem));
        }
        if (line_.operand.empty() && line_.command->operand_required) {
            return problem_of(
                localize("'aml {}' needs {}.", line_.command->name, line_.command->operand));
        }
        return std::move(line_);
    }

private:
    std::optional<std::string> read_word(const std::string& word) {
        if (word == "--" && !only_operands_) {
            only_operands_ = true;
            return std::nullopt;
        }
        if (only_operands_ || !word.starts_with('-') || word == "-") return read_operand(word);
        return read_option(word);
    }

    std::optional<std::string> read_operand(const std::string& word) {
        if (line_.command->operand.empty()) {
            return localize("'aml {}' takes no '{}'.", line_.command->name, word);
        }
        if (!line_.operand.empty()) {
            return localize("'aml {}' takes one {}, so '{}' is one too many.",
                            line_.command->name,
                            line_.command->operand,
                            word);
        }
        line_.operand = word;
        return std::nullopt;
    }

    std::optional<std::string> read_option(const std::string& word) {
        const auto equals = word.find('=');
        const auto name = word.substr(0, equals);
        const auto* option = find_option(*line_.command, name);
        if (option == nullptr) {
            return localize("'aml {}' has no option {}.", line_.command->name, name);
        }
        if (option->value_name.empty()) {
            if (equals != std::string::npos) return localize("{} takes no value.", name);
            line_.switches.insert(name);
            return std::nullopt;
        }
        if (equals == std::string::npos && at_ == words_.size()) {
            return localize("{} needs a value: {} {}.", name, name, option->value_name);
        }
        auto value = equals == std::string::npos ? words_[at_++] : word.substr(equals + 1);
        if (value.empty()) return localize("{} needs a value that is not empty.", name);
        if (!line_.values.emplace(name, std::move(value)).second) {
            return localize("{} is given twice.", name);
        }
        return std::nullopt;
    }

    UsageProblem problem_of(std::string message) const {
        return {.message = std::move(message), .command = line_.command};
    }

    CommandLine line_;
    std::span<const std::string> words_;
    std::size_t at_ = 0;
    bool only_operands_ = false;
};

}  // namespace

std::optional<std::string> CommandLine::value(std::string_view option) const {
    const auto found = values.find(option);
    if (found == values.end()) return std::nullopt;
    return found->second;
}

ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments) {
    if (arguments.empty()) return HelpRequest{};
    const auto& first = arguments.front();
    if (first == "--help" || first == "-h") return HelpRequest{};
    if (first == "--version") return parse_command_line({"version"});
    if (first == "help") {
        if (arguments.size() < 2) return HelpRequest{};
        if (const auto* command = find_command(arguments[1])) return HelpRequest{command};
        return UsageProblem{.message = localize("There is no command '{}'.", arguments[1])};
    }
    const auto* command = find_command(first);
    if (command == nullptr) {
        return UsageProblem{.message = localize("There is no command '{}'.", first)};
    }
    return Reader(*command, std::span(arguments).subspan(1)).read();
}

}  // namespace aml::cli
