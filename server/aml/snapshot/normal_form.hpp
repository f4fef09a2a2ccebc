#pragma once

#include <string>
#include <string_view>

namespace aml::snapshot {

/// The name in Unicode's normal form C, as keyboards write it: "é" is one character and not an e
/// with an accent behind it, as some file systems have it. What is not well-formed UTF-8 stays as
/// it is. Source: Unicode Standard Annex #15.
std::string normal_form_c(std::string_view name);

}  // namespace aml::snapshot
