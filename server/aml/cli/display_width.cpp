#include "cli/display_width.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace aml::cli {
namespace {

// The blocks that hold what terminals draw over two columns.
constexpr std::array<std::pair<char32_t, char32_t>, 9> wide_blocks{{{0x1100, 0x115F},
                                                                    {0x2E80, 0x303E},
                                                                    {0x3041, 0xA4CF},
                                                                    {0xAC00, 0xD7A3},
                                                                    {0xF900, 0xFAFF},
                                                                    {0xFE30, 0xFE6F},
                                                                    {0xFF00, 0xFF60},
                                                                    {0xFFE0, 0xFFE6},
                                                                    {0x1F300, 0x3FFFD}}};

/// The first character of a text, and how many bytes it has. A byte that begins none counts as one.
std::pair<char32_t, std::size_t> first_character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length == 1 || length > text.size()) return {lead, 1};
    auto code = static_cast<char32_t>(lead & (0xFFU >> (length + 1)));
    for (const char byte : text.substr(1, length - 1)) {
        code = (code << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
    }
    return {code, length};
}

std::size_t character_width(char32_t character) {
    const auto holds = [character](const auto& block) {
        return block.first <= character && character <= block.second;
    };
    return std::any_of(wide_blocks.begin(), wide_blocks.end(), holds) ? 2 : 1;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto [character, length] = first_character(text);
        width += character_width(character);
        text.remove_prefix(length);
    }
    return width;
}

std::string_view cut_to_width(std::string_view text, std::size_t width) {
    std::size_t taken = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto [character, length] = first_character(text.substr(at));
        taken += character_width(character);
        if (taken > width) break;
        at += length;
    }
    return text.substr(0, at);
}

}  // namespace aml::cli
