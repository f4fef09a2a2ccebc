#include "arm/site.hpp"

#include "core/digest.hpp"
#include "core/seeded_facts.hpp"
#include "core/tenants.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace aml::emulator {
namespace {

Refused wrong_tenant(const Request& request, const std::string& tenant) {
    const auto message = fmt::format(
        "The access token is from the wrong issuer 'https://sts.windows.net/{}/'. It "
        "must match the tenant 'https://sts.windows.net/{}/' associated with this "
        "subscription. Please use the authority (URL) '{}/{}' to get the token.",
        request.caller.tenant,
        tenant,
        request.base_url,
        tenant);
    auto reply = arm_error(401, "InvalidAuthenticationTokenTenant", message).reply();
    reply.headers.set("WWW-Authenticate",
                      fmt::format("Bearer authorization_uri=\"{}/{}\", error=\"invalid_token\", "
                                  "error_description=\"{}\"",
                                  request.base_url,
                                  tenant,
                                  message));
    return Refused(std::move(reply));
}

}  // namespace

void RouteTable::add(std::string_view method, std::string pattern, SyncHandler handler) {
    Route route;
    route.method = method;
    route.pattern = std::move(pattern);
    route.versions = &versions_;
    route.handler = std::move(handler);
    router_.add(std::move(route));
}

const ApiVersions& ml_versions() {
    // All stable versions with the jobs of v2, and the previews that the official clients ask for.
    static const ApiVersions versions{
        "Microsoft.MachineLearningServices",
        {"2026-05-01",         "2026-03-01",         "2025-12-01",         "2025-09-01",
         "2025-06-01",         "2025-04-01",         "2025-01-01-preview", "2024-10-01",
         "2024-10-01-preview", "2024-07-01-preview", "2024-04-01",         "2024-04-01-preview",
         "2024-01-01-preview", "2023-10-01",         "2023-08-01-preview", "2023-06-01-preview",
         "2023-04-01",         "2023-04-01-preview", "2023-02-01-preview", "2022-10-01",
         "2022-10-01-preview", "2022-05-01",         "2022-02-01-preview"}};
    return versions;
}

const ApiVersions& subscription_versions() {
    static const ApiVersions versions{"",
                                      {"2016-06-01",
                                       "2018-06-01",
                                       "2019-06-01",
                                       "2019-11-01",
                                       "2020-01-01",
                                       "2021-01-01",
                                       "2021-04-01",
                                       "2022-09-01",
                                       "2022-12-01"}};
    return versions;
}

const ApiVersions& resources_versions() {
    static const ApiVersions versions{"",
                                      {"2019-10-01",
                                       "2020-06-01",
                                       "2020-10-01",
                                       "2021-01-01",
                                       "2021-04-01",
                                       "2022-09-01",
                                       "2024-03-01",
                                       "2024-07-01"}};
    return versions;
}

Refused bad_argument(const Request& request, std::string_view message, std::string_view inner) {
    std::vector<std::string> codes{"BadArgument", "ArgumentInvalid"};
    if (!inner.empty()) codes.emplace_back(inner);
    return ml_error(request, 400, "UserError", message, codes);
}

Subscription require_subscription(Site& site, const Request& request) {
    const auto& id = request.param("subscription");
    auto found = site.directory.find_subscription(id);
    if (!found)
        throw arm_error(404,
                        "SubscriptionNotFound",
                        fmt::format("The subscription '{}' could not be found.", id));
    const auto& context = site.context;
    const auto tenant = context.tenants.of_subscription(found->id, context.identity.tenant_id);
    if (!same_text(request.caller.tenant, tenant)) throw wrong_tenant(request, tenant);
    return *found;
}

ResourceGroup require_group(Site& site, const Request& request) {
    const auto subscription = require_subscription(site, request);
    const auto& name = request.param("group");
    auto found = site.directory.find_group(subscription.id, name);
    if (!found)
        throw arm_error(404,
                        "ResourceGroupNotFound",
                        fmt::format("Resource group '{}' could not be found.", name));
    return *found;
}

Workspace require_workspace(Site& site, const Request& request) {
    require_subscription(site, request);
    const auto& name = request.param("workspace");
    auto found = site.context.resources.find_workspace(
        request.param("subscription"), request.param("group"), name);
    if (found) return *found;
    const auto group = require_group(site, request);
    throw arm_error(404,
                    "ResourceNotFound",
                    fmt::format("The Resource 'Microsoft.MachineLearningServices/workspaces/{}' "
                                "under resource group '{}' was not found. For more details "
                                "please go to https://aka.ms/ARMResourceNotFoundFix",
                                name,
                                group.name));
}

void refuse_if_locked(Site& site, const Workspace& workspace, std::string_view id) {
    if (!site.context.store.fact(locked_fact(workspace.id))) return;
    throw arm_error(
        409,
        "ScopeLocked",
        fmt::format("The scope '{}' cannot perform delete operation because following scope(s) are "
                    "locked: '{}'. Please remove the lock and try again.",
                    id,
                    workspace.arm_id()));
}

json system_data(const Request& request, const json& previous) {
    const auto now = iso_time(request.received);
    const bool known = previous.is_object();
    return {{"createdAt", known ? previous.value("createdAt", now) : now},
            {"createdBy",
             known ? previous.value("createdBy", request.caller.name) : request.caller.name},
            {"createdByType",
             known ? previous.value("createdByType", request.caller.type) : request.caller.type},
            {"lastModifiedAt", now},
            {"lastModifiedBy", request.caller.name},
            {"lastModifiedByType", request.caller.type}};
}

std::string resource_id(const Workspace& workspace, const Resource& resource) {
    const auto slash = resource.type.find('/');
    auto id =
        fmt::format("{}/{}/{}", workspace.arm_id(), resource.type.substr(0, slash), resource.name);
    if (slash != std::string::npos)
        id += fmt::format("/{}/{}", resource.type.substr(slash + 1), resource.version);
    return id;
}

json resource_json(const Workspace& workspace, const Resource& resource) {
    json result{
        {"id", resource_id(workspace, resource)},
        {"name", resource.version.empty() ? resource.name : resource.version},
        {"type", fmt::format("Microsoft.MachineLearningServices/workspaces/{}", resource.type)}};
    result.update(resource.body);
    result["systemData"] = resource.system_data;
    return result;
}

std::int64_t skip_position(const Request& request) {
    const auto& given = request.query.get("$skip").empty() ? request.query.get("$skipToken")
                                                           : request.query.get("$skip");
    if (given.empty()) return 0;
    const auto decoded = base64url_decode(given).value_or("");
    const auto position =
        decoded.starts_with("p:") ? to_number(std::string_view(decoded).substr(2)) : std::nullopt;
    if (!position)
        throw provider_error(
            400,
            "InvalidSkipToken",
            "The continuation token in '$skip' is not valid. Use the nextLink of an earlier page.");
    return *position;
}

std::size_t page_length(const Site& site, const Request& request) {
    auto length = site.context.settings.page_size;
    for (const auto* name : {"$top", "count"}) {
        const auto& text = request.query.get(name);
        if (text.empty()) continue;
        const auto number = to_number(text);
        if (!number || *number == 0)
            throw provider_error(
                400,
                "InvalidParameter",
                fmt::format("The value '{}' of '{}' is not a positive number.", text, name));
        length = std::min(length, static_cast<std::size_t>(*number));
    }
    return length;
}

Reply page_reply(const Request& request,
                 std::vector<json> items,
                 std::optional<std::int64_t> next) {
    json body{{"value", std::move(items)}, {"nextLink", nullptr}};
    if (next) {
        auto link = request.base_url + request.path;
        char separator = '?';
        for (const auto& [name, value] : request.query.items()) {
            if (same_text(name, "$skip") || same_text(name, "$skipToken")) continue;
            link +=
                fmt::format("{}{}={}", separator, percent_encode(name, "$"), percent_encode(value));
            separator = '&';
        }
        body["nextLink"] = fmt::format(
            "{}{}$skip={}", link, separator, base64url_encode(fmt::format("p:{}", *next)));
    }
    return Reply::of_json(body);
}

std::string operation_url(const Request& request,
                          const Workspace& workspace,
                          std::string_view collection,
                          std::string_view id,
                          std::string_view more) {
    return fmt::format(
        "{}/subscriptions/{}/providers/Microsoft.MachineLearningServices/locations/{}/{}/"
        "{}?api-version={}{}",
        request.base_url,
        workspace.subscription,
        workspace.location,
        collection,
        id,
        request.query.get("api-version"),
        more);
}

bool is_name(std::string_view text, std::size_t least, std::size_t most, std::string_view others) {
    if (text.size() < least || text.size() > most || text.empty()) return false;
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return is_plain(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
               return is_plain(c) || others.find(c) != std::string_view::npos;
           });
}

std::optional<std::int64_t> to_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

json tags_at(const json& body) {
    const auto tags = value_at(body, "tags");
    if (tags.is_null()) return json::object();
    const bool fits =
        tags.is_object() &&
        std::all_of(tags.begin(), tags.end(), [](const json& item) { return item.is_string(); });
    if (!fits)
        throw provider_error(400, "InvalidRequestContent", "'tags' must be an object of texts.");
    return tags;
}

bool as_texts(json& map) {
    if (map.is_null()) return true;
    if (!map.is_object()) return false;
    for (auto& item : map) {
        if (item.is_number() || item.is_boolean()) item = item.dump();
        if (!item.is_string() && !item.is_null()) return false;
    }
    return true;
}

json value_at(const json& object, std::string_view key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? json() : *found;
}

}  // namespace aml::emulator
