#pragma once

#include <cstddef>
#include <string_view>

namespace aml::cli {

/// How many columns of a terminal a UTF-8 text takes: two for each wide character, such as a
/// Chinese one.  Source: Unicode Standard Annex #11, "East Asian Width", wide and fullwidth.
std::size_t display_width(std::string_view text);

/// The beginning of `text` that takes at most `width` columns, whole characters only.
std::string_view cut_to_width(std::string_view text, std::size_t width);

}  // namespace aml::cli
