#pragma once

#include <string_view>

namespace aml {

/// How the name of a file ends while the product writes it: beside the file that it becomes when it
/// is whole, so it may lie in a folder of the user's and be met there by another process.
inline constexpr std::string_view half_written_ending = ".aml-tmp";

}  // namespace aml
