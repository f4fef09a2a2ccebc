#pragma once

#include <string>
#include <string_view>

namespace aml {

/// ASCII letters lowered: Azure compares ids and names without regard to case.
std::string lower(std::string_view text);
bool same_name(std::string_view left, std::string_view right);

/// The text without blanks at its ends.
std::string trimmed(std::string_view text);

}  // namespace aml
