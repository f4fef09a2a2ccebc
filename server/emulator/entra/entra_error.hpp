#pragma once

#include "web/message.hpp"

#include <string_view>

namespace aml::emulator {

/// An OAuth error as Entra ID writes it: `error`, `error_description` starting with `AADSTS{code}`,
/// `error_codes`, `trace_id` …
Refused entra_error(
    const Request& request, int status, std::string_view error, int code, std::string_view message);

}  // namespace aml::emulator
