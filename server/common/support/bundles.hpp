#pragma once

#include <string_view>

/// The translations of the texts for the user: JSON objects from the English text to the other.
/// CMake makes the definitions from `server/l10n/`.
namespace aml::bundles {

extern const std::string_view zh_cn;

}  // namespace aml::bundles
