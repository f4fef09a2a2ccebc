#include "web/redact.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace aml::emulator {
namespace {

constexpr std::string_view hidden = "REDACTED";

constexpr std::array<std::string_view, 22> secret_keys{
    "access_token", "refresh_token",    "id_token",   "client_secret",
    "device_code",  "user_code",        "assertion",  "client_assertion",
    "accesstoken",  "refreshtoken",     "sastoken",   "primarykey",
    "secondarykey", "userstoragekey",   "accountkey", "credential",
    "token",        "password",         "passwords",  "appinsightsinstrumentationkey",
    "clientsecret", "adminuserpassword"};

constexpr std::array<std::string_view, 8> secret_parameters{"sig",
                                                            "client_secret",
                                                            "client_assertion",
                                                            "refresh_token",
                                                            "device_code",
                                                            "user_code",
                                                            "otc",
                                                            "code"};

constexpr std::array<std::string_view, 7> secret_headers{"Authorization",
                                                         "Cookie",
                                                         "Set-Cookie",
                                                         "x-azureml-token",
                                                         "X-IDENTITY-HEADER",
                                                         // The older form of the header before it.
                                                         "secret",
                                                         "Proxy-Authorization"};

bool is_secret(std::string_view key, const json& value) {
    if (value.is_null() || value.is_object()) return false;
    const auto name = to_lower(key);
    // `key` is an account key in listSecrets and a metric's name in MLflow.
    if (name == "key") return value.is_string() && value.get_ref<const std::string&>().size() >= 40;
    return std::find(secret_keys.begin(), secret_keys.end(), name) != secret_keys.end();
}

/// The name of the secret parameter `text` starts with, as in `sig=…`; empty when there is none.
std::string_view secret_parameter(std::string_view text) {
    for (const auto name : secret_parameters) {
        if (text.size() > name.size() && text[name.size()] == '=' && starts_with_text(text, name))
            return name;
    }
    return {};
}

/// The length of the JSON Web Token `text` starts with, or 0.
std::size_t token_length(std::string_view text) {
    if (!text.starts_with("eyJ")) return 0;
    const auto part = [&](std::size_t from) {
        while (from < text.size() && (std::isalnum(static_cast<unsigned char>(text[from])) != 0 ||
                                      text[from] == '-' || text[from] == '_'))
            ++from;
        return from;
    };
    const auto header = part(0);
    if (header >= text.size() || text[header] != '.') return 0;
    const auto payload = part(header + 1);
    if (payload >= text.size() || text[payload] != '.') return 0;
    return part(payload + 1);
}

}  // namespace

std::string redact_parameters(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const bool at_start =
            i == 0 || std::string_view("?&; \n\"'").find(text[i - 1]) != std::string_view::npos;
        const auto name = at_start ? secret_parameter(text.substr(i)) : std::string_view();
        const auto token = token_length(text.substr(i));
        if (!name.empty()) {
            result.append(text.substr(i, name.size() + 1)).append(hidden);
            i = std::min(text.find_first_of("& \n\"'", i), text.size());
        } else if (token > 0) {
            result.append(hidden);
            i += token;
        } else {
            result += text[i++];
        }
    }
    return result;
}

json redact_json(json value) {
    if (value.is_string()) return redact_parameters(value.get<std::string>());
    if (value.is_array()) {
        for (auto& item : value) item = redact_json(std::move(item));
    } else if (value.is_object()) {
        for (const auto& [key, item] : value.items()) {
            item = is_secret(key, item) ? json(hidden) : redact_json(std::move(item));
        }
    }
    return value;
}

json redact_headers(const Headers& headers) {
    auto result = json::object();
    for (const auto& [name, value] : headers) {
        const bool secret =
            std::any_of(secret_headers.begin(),
                        secret_headers.end(),
                        [&, field = std::string_view(name)](std::string_view other) {
                            return same_text(field, other);
                        });
        const auto shown = secret ? std::string(hidden) : redact_parameters(value);
        auto& slot = result[name];
        slot = slot.is_string() ? slot.get<std::string>() + ", " + shown : shown;
    }
    return result;
}

}  // namespace aml::emulator
