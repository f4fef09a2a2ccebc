#include "azure/errors.hpp"
#include "azure/json_fields.hpp"
#include "azure/xml.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace aml::azure {
namespace {

using nlohmann::json;

/// The last code of a chain of `innerError`s (`innererror` in some services).
std::string deepest_code(const json& error) {
    std::string code = text(error, "code");
    const json* current = &error;
    for (int depth = 0; depth < 20; ++depth) {
        const auto& camel = member(*current, {"innerError"});
        current = camel.is_object() ? &camel : &member(*current, {"innererror"});
        if (!current->is_object()) break;
        const auto inner = text(*current, "code");
        if (!inner.empty()) code = inner;
    }
    return code;
}

/// The chain in `additionalInfo[type=InnerError]`, the Azure ML resource provider's way.
std::string additional_code(const json& error) {
    for (const auto& item : member(error, {"additionalInfo"})) {
        if (text(item, "type") == "InnerError")
            return deepest_code(member(item, {"info", "value"}));
    }
    return {};
}

/// The policy that ARM names in `additionalInfo[type=PolicyViolation]`, also in that of a detail.
std::string policy_of(const json& error) {
    for (const auto& item : member(error, {"additionalInfo"})) {
        if (text(item, "type") != "PolicyViolation") continue;
        const auto& info = member(item, {"info"});
        auto name = text(info, "policyAssignmentDisplayName");
        if (name.empty()) name = text(info, "policyDefinitionDisplayName");
        if (!name.empty()) return name;
    }
    for (const auto& detail : member(error, {"details"})) {
        auto name = policy_of(detail);
        if (!name.empty()) return name;
    }
    return {};
}

/// The first detail that says more than `message` does.
const json& telling_detail(const json& error, const std::string& message) {
    static const json nothing;
    for (const auto& detail : member(error, {"details"})) {
        const auto said = text(detail, "message");
        if (!said.empty() && message.find(said) == std::string::npos) return detail;
    }
    return nothing;
}

/// Errors of deployments say nothing themselves: what failed is in their first detail, which may be
/// written as a text.
json cause_of(json error) {
    constexpr std::array wrappers{"DeploymentFailed",
                                  "ResourceDeploymentFailure",
                                  "InvalidTemplateDeployment",
                                  "MultipleErrorsOccurred"};
    for (int depth = 0; depth < 10; ++depth) {
        const auto code = text(error, "code");
        const bool wraps = std::any_of(wrappers.begin(), wrappers.end(), [&](const char* wrapper) {
            return same_name(code, wrapper);
        });
        const auto& details = member(error, {"details"});
        if (!wraps || !details.is_array() || details.empty()) break;
        auto detail = details.front();
        auto written = json::parse(text(detail, "message"), nullptr, false);
        if (written.is_object()) {
            detail = written.contains("error") ? written["error"] : written;
        }
        error = std::move(detail);
    }
    return error;
}

std::optional<ServiceError> read_error(const json& wrapped) {
    const auto error = cause_of(wrapped);
    ServiceError result;
    result.code = text(error, "code");
    result.message = text(error, "message");
    if (result.code.empty() && result.message.empty()) return std::nullopt;
    const auto& detail = telling_detail(error, result.message);
    if (detail.is_object())
        result.message += (result.message.empty() ? "" : " ") + text(detail, "message");
    result.policy = policy_of(error);
    result.inner_code = additional_code(error);
    if (result.inner_code.empty()) result.inner_code = deepest_code(error);
    if (result.inner_code == result.code && detail.is_object()) {
        const auto inner = deepest_code(detail);
        if (!inner.empty()) result.inner_code = inner;
    }
    return result;
}

}  // namespace

std::optional<ServiceError> service_error(const json& body) {
    if (!body.is_object()) return std::nullopt;
    const auto& wrapped = member(body, {"error"});
    if (wrapped.is_object()) {
        // A failed run wraps the data plane's whole answer once more.
        const auto& again = member(wrapped, {"error"});
        return read_error(again.is_object() ? again : wrapped);
    }
    const auto mlflow = text(body, "error_code");
    if (!mlflow.empty()) return ServiceError{mlflow, mlflow, text(body, "message"), {}};
    return read_error(body);
}

std::optional<ServiceError> parse_service_error(std::string_view body) {
    auto code = xml_unescape(xml_element(body, "Code"));
    if (!code.empty()) {
        return ServiceError{code, code, xml_unescape(xml_element(body, "Message")), {}};
    }
    const auto parsed = json::parse(body, nullptr, false);
    return parsed.is_discarded() ? std::nullopt : service_error(parsed);
}

}  // namespace aml::azure
