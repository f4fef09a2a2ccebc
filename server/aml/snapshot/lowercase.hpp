#pragma once

#include <string>
#include <string_view>

namespace aml::snapshot {

/// Python's `str.lower()`: Unicode's full mapping with the final sigma. The order of its UTF-8
/// bytes is the order of its code points, so the result serves as the sort key of the content hash.
/// `text` must be well-formed. Source: Unicode 14, SpecialCasing.txt, and CPython's handling of
/// U+03A3.
std::string python_lower(std::string_view text);

}  // namespace aml::snapshot
