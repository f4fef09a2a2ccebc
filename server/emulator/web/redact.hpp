#pragma once

#include "web/message.hpp"

#include <string>
#include <string_view>

namespace aml::emulator {

/// Replaces the values of `sig`, `client_secret`, `code` and the like in a URL's or form's
/// parameters by `REDACTED`.
std::string redact_parameters(std::string_view text);

/// Replaces secrets anywhere in a JSON document: values of keys that hold them, SAS signatures
/// inside texts, JWTs.
json redact_json(json value);

/// Header fields as a JSON object, `Authorization` and other credentials hidden; a repeated name
/// joins its values by ", ".
json redact_headers(const Headers& headers);

}  // namespace aml::emulator
