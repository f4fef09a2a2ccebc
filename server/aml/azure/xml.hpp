#pragma once

#include <string>
#include <string_view>

/// The little XML that blob storage speaks: flat elements without attributes that matter.
namespace aml::azure {

/// The content of the first `<name>…</name>`, still escaped; empty when there is none.
std::string_view xml_element(std::string_view xml, const std::string& name);

/// Text with the five named entities and numeric ones (ASCII) resolved; others stay as they are.
std::string xml_unescape(std::string_view text);

}  // namespace aml::azure
