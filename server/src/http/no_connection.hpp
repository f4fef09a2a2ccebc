#pragma once

#include <string_view>

namespace aml::http {

/// The `azure_code` of a transport failure when there was no connection at all: nobody listens, or
/// the name is unknown. Waiting long for that to change helps nobody.
inline constexpr std::string_view no_connection = "NoConnection";

}  // namespace aml::http
