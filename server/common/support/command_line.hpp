#pragma once

#include "support/localize.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aml {

/// An option of a program or of one of its commands.
struct OptionSpec {
    /// With its dashes, e.g. "--workspace".
    std::string_view name;
    /// What stands for its value in help; empty for a switch.
    std::string_view value_name;
    Localizable doc;
    /// May be given several times.
    bool repeatable = false;
};

/// What a user typed, read against a table of options.
class CommandLine final {
public:
    /// Reads `words`, without the name of the program or command, which messages call `name`
    /// ("aml submit"). Options and operands come in any order, values as `--name value` or
    /// `--name=value`; after `--` nothing is an option. Reading ends at `--help` or `-h`. Throws:
    /// InvalidParams that says what cannot be understood.
    CommandLine(std::string_view name,
                std::span<const std::string> words,
                const std::vector<std::span<const OptionSpec>>& options);

    /// Help was asked for: the rest was not read.
    bool wants_help() const { return wants_help_; }

    /// The words that are neither an option nor the value of one.
    const std::vector<std::string>& operands() const { return operands_; }

    /// Whether the switch or option was given.
    bool has(std::string_view option) const;

    /// Absent when the option was not given; never empty.
    std::optional<std::string> value(std::string_view option) const;

    /// Of an option that may be given several times, in the order given.
    std::vector<std::string> values(std::string_view option) const;

    /// The value as a whole number. Throws: InvalidParams when it is none from `least` to `most`.
    std::optional<std::uint64_t> number(std::string_view option,
                                        std::uint64_t least,
                                        std::uint64_t most) const;

    /// The value as one of `words`, by its place among them. Throws: InvalidParams when it is none
    /// of them.
    std::optional<std::size_t> choice(std::string_view option,
                                      const std::vector<std::string_view>& words) const;

private:
    bool wants_help_ = false;
    std::vector<std::string> operands_;
    /// Switches have an empty value.
    std::map<std::string, std::vector<std::string>, std::less<>> given_;
};

/// The lines of help about `options`, in the user's language.
std::string option_lines(std::span<const OptionSpec> options);

}  // namespace aml
