#include "http/redact.hpp"

#include "http/url.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace aml::http {
namespace {

constexpr std::size_t max_logged_body = 4096;

constexpr std::array allowed_headers = {"accept",
                                        "azure-asyncoperation",
                                        "content-length",
                                        "content-range",
                                        "content-type",
                                        "date",
                                        "etag",
                                        "if-none-match",
                                        "last-modified",
                                        "retry-after",
                                        "retry-after-ms",
                                        "user-agent",
                                        "x-ms-blob-type",
                                        "x-ms-client-request-id",
                                        "x-ms-correlation-request-id",
                                        "x-ms-error-code",
                                        "x-ms-failure-cause",
                                        "x-ms-range",
                                        "x-ms-ratelimit-remaining-subscription-reads",
                                        "x-ms-ratelimit-remaining-subscription-writes",
                                        "x-ms-request-id",
                                        "x-ms-retry-after-ms",
                                        "x-ms-version"};

constexpr std::array secret_words = {
    "token", "secret", "password", "sastoken", "signature", "credential"};

bool names_secret(std::string_view name) {
    const auto lowered = lower(name);
    if (lowered == "key" || lowered.ends_with("key") || lowered == "device_code") return true;
    return std::any_of(secret_words.begin(), secret_words.end(), [&lowered](std::string_view word) {
        return lowered.find(word) != std::string::npos;
    });
}

std::string redact_addresses(const std::string& text) {
    if (text.find("?") == std::string::npos || text.find("://") == std::string::npos) return text;
    return redact_url(text);
}

}  // namespace

std::string redact_headers(const Headers& headers) {
    std::string result;
    for (const auto& [name, value] : headers) {
        const bool allowed =
            std::find(allowed_headers.begin(), allowed_headers.end(), lower(name)) !=
            allowed_headers.end();
        result += fmt::format("{}{}: {}",
                              result.empty() ? "" : ", ",
                              name,
                              allowed ? redact_addresses(value) : "***");
    }
    return result;
}

nlohmann::json redact_json(nlohmann::json json) {
    if (json.is_string()) return redact_addresses(json.get<std::string>());
    if (json.is_array()) {
        for (auto& item : json) item = redact_json(std::move(item));
    }
    if (json.is_object()) {
        for (auto& [name, value] : json.items()) {
            const bool hide = names_secret(name) && value.is_string();
            value = hide ? nlohmann::json("***") : redact_json(std::move(value));
        }
    }
    return json;
}

std::string redact_body(std::string_view body) {
    if (body.empty()) return "no body";
    auto json = body.size() > max_logged_body ? nlohmann::json(nlohmann::json::value_t::discarded)
                                              : nlohmann::json::parse(body, nullptr, false);
    if (json.is_discarded()) return fmt::format("{} bytes", body.size());
    return redact_json(std::move(json))
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace aml::http
