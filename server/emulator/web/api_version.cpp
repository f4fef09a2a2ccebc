#include "web/api_version.hpp"

#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {

std::string resource_type(std::string_view pattern, std::string_view provider) {
    const auto lower = to_lower(pattern);
    const auto start = lower.find(to_lower(provider) + "/");
    if (provider.empty() || start == std::string::npos) return {};
    pattern.remove_prefix(start + provider.size() + 1);
    std::string type;
    bool is_type = true;
    while (!pattern.empty()) {
        const auto end = pattern.find('/');
        if (is_type) type += fmt::format("{}{}", type.empty() ? "" : "/", pattern.substr(0, end));
        is_type = !is_type;
        pattern.remove_prefix(end == std::string_view::npos ? pattern.size() : end + 1);
    }
    return type;
}

void check_api_version(const Request& request,
                       const ApiVersions& versions,
                       std::string_view pattern) {
    const auto& asked = request.query.get("api-version");
    if (asked.empty()) {
        throw arm_error(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.");
    }
    const auto is_it = [&](const std::string& known) { return same_text(known, asked); };
    if (std::any_of(versions.supported.begin(), versions.supported.end(), is_it)) return;
    if (versions.provider.empty()) {
        throw arm_error(
            400,
            "InvalidApiVersionParameter",
            fmt::format("The api-version '{}' is invalid. The supported versions are '{}'.",
                        asked,
                        fmt::join(versions.supported, ",")));
    }
    throw arm_error(400,
                    "NoRegisteredProviderFound",
                    fmt::format("No registered resource provider found for location '' and API "
                                "version '{}' for type '{}'. The supported "
                                "api-versions are '{}'. The supported locations are ''.",
                                asked,
                                resource_type(pattern, versions.provider),
                                fmt::join(versions.supported, ", ")));
}

}  // namespace aml::emulator
