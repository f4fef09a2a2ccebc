#include "auth/account.hpp"

#include "http/base64.hpp"
#include "support/json.hpp"

#include <nlohmann/json.hpp>

namespace aml::auth {
namespace {

using nlohmann::json;

std::string claim(const json& claims, std::initializer_list<const char*> names) {
    for (const auto* name : names) {
        if (auto text = text_of(claims, name); !text.empty()) return text;
    }
    return {};
}

}  // namespace

std::optional<Account> account_of(const Secret& token) {
    // Reads the middle part of header.payload.signature.
    const std::string_view text = token.reveal();
    const auto first = text.find('.');
    const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto payload = http::base64_decode(text.substr(first + 1, second - first - 1));
    if (!payload) return std::nullopt;
    const auto claims = json::parse(*payload, nullptr, false);
    if (!claims.is_object()) return std::nullopt;
    Account account;
    account.application = claim(claims, {"idtyp"}) == "app";
    account.name = claim(
        claims, {"upn", "preferred_username", "unique_name", "email", "name", "app_displayname"});
    if (account.name.empty()) {
        account.name = claim(claims, {"appid", "azp", "oid"});
        account.application = true;
    }
    account.tenant = claim(claims, {"tid"});
    account.object_id = claim(claims, {"oid", "sub"});
    return account;
}

}  // namespace aml::auth
