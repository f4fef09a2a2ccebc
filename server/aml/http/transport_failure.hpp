#pragma once

#include <string_view>

/// The `azure_code` of failures of the transport that a caller tells apart.
namespace aml::http::transport_failure {

/// There was no connection at all: nobody listens, or the name is unknown. Waiting long for that to
/// change helps nobody.
inline constexpr std::string_view no_connection = "NoConnection";

/// The proxy cannot be reached, refuses, or cannot reach the host.
inline constexpr std::string_view proxy = "ProxyFailure";

/// The host was reached, and no secure connection to it came about.
inline constexpr std::string_view tls = "TlsFailure";

}  // namespace aml::http::transport_failure
