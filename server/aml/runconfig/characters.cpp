#include "runconfig/characters.hpp"

#include <algorithm>
#include <cctype>

namespace aml::runconfig {

char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
    return result;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace aml::runconfig
