#pragma once

#include "http/headers.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace aml::http {

/// "Name: value" of the headers on the allowlist, others as "Name: ***", joined by ", ".
std::string redact_headers(const Headers& headers);

/// The JSON with secrets replaced by "***": members named like one, and the query of every address.
nlohmann::json redact_json(nlohmann::json json);

/// A body for the debug log: redacted JSON up to 4 KiB, else only its size.
std::string redact_body(std::string_view body);

}  // namespace aml::http
