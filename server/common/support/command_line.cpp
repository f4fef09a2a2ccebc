#include "support/command_line.hpp"

#include "support/error.hpp"

#include <algorithm>
#include <charconv>

namespace aml {
namespace {

Error wrong(const LocalizedText& text) {
    return Error(ErrorKind::InvalidParams, text);
}

const OptionSpec* find_option(const std::vector<std::span<const OptionSpec>>& tables,
                              std::string_view name) {
    for (const auto& table : tables) {
        const auto found = std::ranges::find(table, name, &OptionSpec::name);
        if (found != table.end()) return &*found;
    }
    return nullptr;
}

// Continuation lines of `text` start below its first one.
std::string indented(std::string_view text, std::size_t column) {
    std::string result;
    for (const char character : text) {
        result += character;
        if (character == '\n') result.append(column, ' ');
    }
    return result;
}

}  // namespace

CommandLine::CommandLine(std::string_view name,
                         std::span<const std::string> words,
                         const std::vector<std::span<const OptionSpec>>& options) {
    bool only_operands = false;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const std::string_view word = words[at];
        if (only_operands || !word.starts_with('-') || word == "-") {
            operands_.emplace_back(word);
            continue;
        }
        if (word == "--") {
            only_operands = true;
            continue;
        }
        if (word == "--help" || word == "-h") {
            wants_help_ = true;
            return;
        }
        const auto equals = word.find('=');
        const auto option = word.substr(0, equals);
        const auto* spec = find_option(options, option);
        if (spec == nullptr) throw wrong(localize("'{}' has no option {}.", name, option));
        std::string value;
        if (spec->value_name.empty()) {
            if (equals != std::string_view::npos)
                throw wrong(localize("{} takes no value.", option));
        } else if (equals != std::string_view::npos) {
            value = word.substr(equals + 1);
        } else if (++at < words.size()) {
            value = words[at];
        } else {
            throw wrong(localize("{} needs a value: {} {}.", option, option, spec->value_name));
        }
        if (value.empty() && !spec->value_name.empty())
            throw wrong(localize("{} needs a value that is not empty.", option));
        auto& values = given_[std::string(option)];
        if (!values.empty() && !spec->repeatable)
            throw wrong(localize("{} is given twice.", option));
        values.push_back(std::move(value));
    }
}

bool CommandLine::has(std::string_view option) const {
    return given_.contains(option);
}

std::optional<std::string> CommandLine::value(std::string_view option) const {
    const auto found = given_.find(option);
    if (found == given_.end()) return std::nullopt;
    return found->second.front();
}

std::vector<std::string> CommandLine::values(std::string_view option) const {
    const auto found = given_.find(option);
    return found == given_.end() ? std::vector<std::string>() : found->second;
}

std::optional<std::uint64_t> CommandLine::number(std::string_view option,
                                                 std::uint64_t least,
                                                 std::uint64_t most) const {
    const auto text = value(option);
    if (!text) return std::nullopt;
    std::uint64_t number = 0;
    const auto* last = text->data() + text->size();
    const auto [end, error] = std::from_chars(text->data(), last, number);
    if (error != std::errc() || end != last || number < least || number > most) {
        throw wrong(localize(
            "{} takes a whole number from {} to {}, not '{}'.", option, least, most, *text));
    }
    return number;
}

std::optional<std::size_t> CommandLine::choice(std::string_view option,
                                               const std::vector<std::string_view>& words) const {
    const auto text = value(option);
    if (!text) return std::nullopt;
    const auto found = std::ranges::find(words, *text);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    std::vector<LocalizedText> known;
    for (const auto word : words) known.emplace_back(std::string(word));
    throw wrong(localize("{} takes {}, not '{}'.", option, alternatives(known), *text));
}

std::string option_lines(std::span<const OptionSpec> options) {
    std::string lines;
    for (const auto& option : options) {
        const auto name = option.value_name.empty()
                              ? std::string(option.name)
                              : fmt::format("{} {}", option.name, option.value_name);
        lines += fmt::format("  {:<24}{}\n", name, indented(localize(option.doc).shown(), 26));
    }
    return lines;
}

}  // namespace aml
