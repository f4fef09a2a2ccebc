#include "azure/permissions.hpp"

#include "azure/page_reader.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>

namespace aml::azure {
namespace {

std::vector<std::string> texts(const nlohmann::json& item, const char* name) {
    std::vector<std::string> all;
    for (const auto& one : member(item, {name})) {
        if (one.is_string()) all.push_back(one.get<std::string>());
    }
    return all;
}

Permission read_permission(const nlohmann::json& item) {
    return {.actions = texts(item, "actions"), .not_actions = texts(item, "notActions")};
}

bool fits(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) return text.empty();
    if (pattern.front() == '*') {
        for (std::size_t skip = 0; skip <= text.size(); ++skip) {
            if (fits(pattern.substr(1), text.substr(skip))) return true;
        }
        return false;
    }
    return !text.empty() && pattern.front() == text.front() &&
           fits(pattern.substr(1), text.substr(1));
}

bool any_fits(const std::vector<std::string>& patterns, const std::string& action) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return fits(lower(pattern), action);
    });
}

}  // namespace

asio::awaitable<std::vector<Permission>> permissions::list(Client& client,
                                                           ResourceId resource,
                                                           std::stop_token stop) {
    auto request =
        client.arm(http::Method::Get,
                   localize("read what you may do"),
                   resource.to_string() + "/providers/Microsoft.Authorization/permissions",
                   api_version::authorization);
    auto first = co_await arm_page<Permission>(client, std::move(request), read_permission, stop);
    auto all = co_await collect(std::move(first), stop);
    co_return all;
}

bool allows(const std::vector<Permission>& permissions, std::string_view action) {
    const auto wanted = lower(action);
    return std::any_of(permissions.begin(), permissions.end(), [&](const Permission& one) {
        return any_fits(one.actions, wanted) && !any_fits(one.not_actions, wanted);
    });
}

}  // namespace aml::azure
