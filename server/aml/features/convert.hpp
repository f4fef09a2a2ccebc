#pragma once

#include <optional>
#include <string>

namespace aml::features {

/// On the wire what is empty is absent.
inline std::optional<std::string> unless_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace aml::features
