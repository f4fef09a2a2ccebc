#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// A word of Python: as much of the language as tells calls and their arguments apart.
struct PythonToken {
    enum class Kind { Name, Number, Text, Sign };
    Kind kind = Kind::Sign;
    /// A text decoded, without its quotes; an f-string is none (`Sign`), as its value is not known.
    std::string text{};
    /// It stands at the beginning of a line that is not inside of brackets.
    bool begins_line = false;

    bool is(std::string_view sign) const { return kind == Kind::Sign && text == sign; }

    bool is_name(std::string_view name) const { return kind == Kind::Name && text == name; }
};

/// The words of a source, comments left out. What is not closed ends with the source.
std::vector<PythonToken> python_tokens(std::string_view source);

/// An argument of a call, or a parameter of a function.
struct PythonArgument {
    /// Empty for one without a name.
    std::string name{};
    /// What a parameter is annotated with.
    std::vector<PythonToken> annotation{};
    std::vector<PythonToken> value{};
};

/// What stands between the bracket at `open` and its end, divided by commas. Of parameters `name`
/// is what stands before `:` and `=`.
std::vector<PythonArgument> python_arguments(const std::vector<PythonToken>& tokens,
                                             std::size_t open);

/// A text, a number with its sign, or a name such as True as its text; nothing for anything that is
/// not written out.
std::optional<std::string> python_literal(const std::vector<PythonToken>& value);

/// The values of a list, tuple or set that is written out; empty otherwise.
std::vector<std::string> python_list(const std::vector<PythonToken>& value);

}  // namespace aml::runconfig
