#pragma once

#include "runconfig/text.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// One `${{inputs.lr}}` in a text.
struct Expression {
    /// Bytes of the whole expression in the text it was found in.
    Span span;
    /// "inputs", "outputs", or what else stands before the first dot.
    std::string root;
    /// What follows the first dot up to the next, e.g. "lr"; empty when there is none.
    std::string name;
    /// False when `}}` is missing.
    bool closed = true;
};

/// The expressions of a command, in order. Source: CLI (v2) core YAML syntax, "Using expressions".
std::vector<Expression> find_expressions(std::string_view text);

}  // namespace aml::runconfig
