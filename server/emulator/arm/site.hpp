#pragma once

#include "arm/directory.hpp"
#include "arm/operations.hpp"
#include "arm/provider_resources.hpp"
#include "core/blob_storage.hpp"
#include "core/context.hpp"
#include "core/scheduler.hpp"
#include "web/router.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::emulator {

/// What the parts of arm/ share.
struct Site {
    Context& context;
    Router& router;
    Directory& directory;
    Operations& operations;
    Scheduler& scheduler;
    BlobStorage& blobs;
    ProviderResources& provider_resources;
};

/// Path patterns: a subscription, a resource group, the ML provider's workspaces and locations.
inline constexpr std::string_view subscription_path = "/subscriptions/{subscription}";
inline constexpr std::string_view group_path =
    "/subscriptions/{subscription}/resourceGroups/{group}";
inline constexpr std::string_view workspace_path =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/"
    "Microsoft.MachineLearningServices/workspaces/{workspace}";
inline constexpr std::string_view location_path =
    "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/"
    "{location}";

/// Adds routes of one provider to the router.
class RouteTable final {
public:
    RouteTable(Router& router, const ApiVersions& versions)
        : router_(router),
          versions_(versions) {}

    void add(std::string_view method, std::string pattern, SyncHandler handler);

    /// The handler is a member function of `part`, which outlives the router's use of it.
    template <typename Part>
    void add(std::string_view method,
             std::string pattern,
             Part* part,
             Reply (Part::*handler)(const Request&)) {
        add(method, std::move(pattern), SyncHandler([part, handler](const Request& request) {
                return (part->*handler)(request);
            }));
    }

private:
    Router& router_;
    const ApiVersions& versions_;
};

/// The stable versions that have the jobs of v2, and the previews that the official clients ask
/// for.
const ApiVersions& ml_versions();
/// Subscriptions, tenants, locations.
const ApiVersions& subscription_versions();
/// Resource groups, deployments, providers, resources.
const ApiVersions& resources_versions();

/// The ML provider's answer (400) to an argument that is wrong; `inner` is the innermost code, if
/// there is one.
Refused bad_argument(const Request& request, std::string_view message, std::string_view inner = "");

/// Throws: Refused with SubscriptionNotFound, ResourceGroupNotFound.
Subscription require_subscription(Site& site, const Request& request);
ResourceGroup require_group(Site& site, const Request& request);
/// Also ResourceNotFound. Every route below a workspace starts with this.
Workspace require_workspace(Site& site, const Request& request);

/// Throws: Refused (409, ScopeLocked) when a lock forbids to delete what the workspace is or holds.
void refuse_if_locked(Site& site, const Workspace& workspace, std::string_view id);

/// `systemData` of a resource made or changed now; `previous` keeps who created it.
json system_data(const Request& request, const json& previous = nullptr);

/// `{id, name, type, systemData, …body}` of a child resource of a workspace.
json resource_json(const Workspace& workspace, const Resource& resource);
/// `/subscriptions/…/workspaces/w/environments/e/versions/1`.
std::string resource_id(const Workspace& workspace, const Resource& resource);

/// Position after which a list goes on: the `$skip` (or `$skipToken`) we gave out. Throws: Refused
/// (400) for any other text.
std::int64_t skip_position(const Request& request);
/// Longest page for this request: `--page-size`, or `$top`/`count` when smaller. Throws: Refused
/// (400) when that is no number.
std::size_t page_length(const Site& site, const Request& request);
/// `{"value":[…],"nextLink":…}`; `next` is the position to go on from, absent on the last page.
Reply page_reply(const Request& request, std::vector<json> items, std::optional<std::int64_t> next);

/// `http://host/subscriptions/…/locations/{location}/{collection}/{id}?api-version=…` of an
/// operation.
std::string operation_url(const Request& request,
                          const Workspace& workspace,
                          std::string_view collection,
                          std::string_view id,
                          std::string_view more = "");

/// Is it `least` to `most` characters long, starts with a letter or digit and goes on with those
/// and `others`?
bool is_name(std::string_view text, std::size_t least, std::size_t most, std::string_view others);

/// The whole number that `text` is; absent when it is none, or negative.
std::optional<std::int64_t> to_number(std::string_view text);
/// Makes texts of the numbers and truth values in a map of texts, as Azure does; false when `map`
/// is neither such a map nor null.
bool as_texts(json& map);

/// `tags` of a body: an object of texts, empty when absent. Throws: Refused (400) for anything
/// else.
json tags_at(const json& body);
/// A copy of an object's member, null when it is absent.
json value_at(const json& object, std::string_view key);

}  // namespace aml::emulator
