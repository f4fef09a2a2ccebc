#include "tree/tooltip.hpp"

#include <fmt/format.h>

namespace aml::tree {

Tooltip::Tooltip(std::string_view heading)
    : markdown_(fmt::format("**{}**", escape_markdown(heading))) {}

Tooltip& Tooltip::line(const LocalizedText& what, std::string_view value) {
    // Two blanks before the line break make Markdown keep it.
    if (!value.empty())
        markdown_ += fmt::format("  \n{}", localize("{}: {}", what, escape_markdown(value)));
    return *this;
}

Tooltip& Tooltip::text(std::string_view paragraph) {
    if (!paragraph.empty()) markdown_ += "\n\n" + escape_markdown(paragraph);
    return *this;
}

std::string escape_markdown(std::string_view text) {
    constexpr std::string_view special = "\\`*_{}[]()<>#+!|~$&";
    std::string escaped;
    for (const char c : text) {
        if (c == '\n' || c == '\r') {
            escaped += ' ';
            continue;
        }
        if (special.find(c) != std::string_view::npos) escaped += '\\';
        escaped += c;
    }
    return escaped;
}

}  // namespace aml::tree
