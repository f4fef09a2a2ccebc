#pragma once

#include <string>
#include <string_view>

namespace aml::runconfig {

/// ASCII letters lowered: Azure and its CLI take most words in any case.
char lower(char c);
std::string lower(std::string_view text);

/// Whether two words are the same but for the case of their ASCII letters.
bool equals_ignoring_case(std::string_view left, std::string_view right);

/// The part of `text` without the blanks and line ends around it.
std::string_view trimmed(std::string_view text);

}  // namespace aml::runconfig
