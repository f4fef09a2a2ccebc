#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aml {

/// ASCII letters lowered; bytes above 127 are left alone. Azure compares ids and names without
/// regard to case, and HTTP the names of its headers.
char lower(char letter);
std::string lower(std::string_view text);

/// Whether two texts are the same but for the case of their ASCII letters.
bool same_name(std::string_view left, std::string_view right);

/// The text without blanks, tabs and line ends around it.
std::string trimmed(std::string_view text);

/// The same as a part of `text`, which must outlive it.
std::string_view trimmed_view(std::string_view text);

/// A size for people, decimal units: "512 B", "1.5 KB", "30.5 MB", "1.2 GB".
std::string human_size(std::uint64_t bytes);

}  // namespace aml
