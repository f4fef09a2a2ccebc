#pragma once

#include "runconfig/document.hpp"
#include "runconfig/schema.hpp"

#include <string>
#include <string_view>

namespace aml::runconfig {

/// Something to insert: as it is, and the same as an LSP snippet.
struct Insertion {
    std::string plain;
    std::string snippet;
};

/// `text` as the literal part of an LSP snippet.
std::string snippet_text(std::string_view text);

/// How keys and values are written in a document.
class Notation final {
public:
    /// YAML is written in lines for what begins at the first column, and in brackets elsewhere:
    /// what an editor does to the indentation of several lines is its own affair.
    Notation(Syntax syntax, bool at_first_column)
        : syntax_(syntax),
          in_lines_(syntax == Syntax::Yaml && at_first_column) {}

    std::string key(std::string_view name) const;
    std::string text(std::string_view value) const;

    /// A value to begin with.
    Insertion start_value(const KeySchema& key) const;

    /// A key with a value to begin with. `comma` where JSON needs one behind it.
    Insertion member(const KeySchema& key, bool comma) const;

private:
    Insertion start_of_snippet(std::string_view json) const;

    Syntax syntax_;
    bool in_lines_;
};

}  // namespace aml::runconfig
