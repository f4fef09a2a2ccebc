#pragma once

#include "support/localize.hpp"

#include <string>
#include <string_view>

namespace aml::tree {

/// Builds a row's tooltip in Markdown: a heading and lines "what: value". Values from Azure are
/// escaped.
class Tooltip final {
public:
    explicit Tooltip(std::string_view heading);

    /// Left out when `value` is empty.
    Tooltip& line(const LocalizedText& what, std::string_view value);
    /// A paragraph of its own; left out when empty.
    Tooltip& text(std::string_view paragraph);

    const std::string& markdown() const { return markdown_; }

private:
    std::string markdown_;
};

/// `text` such that Markdown shows it as it is, on one line.
std::string escape_markdown(std::string_view text);

}  // namespace aml::tree
