#include "arm/vm_sizes.hpp"

#include "arm/compute_instances.hpp"
#include "arm/compute_validation.hpp"
#include "arm/locations.hpp"
#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace aml::emulator {
namespace {

constexpr int total_core_limit = 350;
constexpr int cluster_limit = 200;

const Region& require_region(const Request& request) {
    const auto& name = request.param("location");
    if (const auto* region = find_region(name)) return *region;
    throw arm_error(400,
                    "NoRegisteredProviderFound",
                    fmt::format("No registered resource provider found for location '{}' and API "
                                "version '{}' for type 'locations'.",
                                name,
                                request.query.get("api-version")));
}

json price(double dollars, std::string_view system, std::string_view tier) {
    return {
        {"retailPrice", std::round(dollars * 10000) / 10000}, {"osType", system}, {"vmTier", tier}};
}

json size_json(const VmSize& size) {
    json types = json::array({"AmlCompute"});
    if (size.vcpus <= most_instance_cores) types.push_back("ComputeInstance");
    const bool premium = size.name.find("s_") != std::string_view::npos ||
                         size.name.find("_DS") != std::string_view::npos;
    return {{"name", size.name},
            {"family", size.family},
            {"vCPUs", size.vcpus},
            {"gpus", size.gpus},
            {"osVhdSizeMB", 1047552},
            {"maxResourceVolumeMB", size.disk_mb},
            {"memoryGB", size.memory_gb},
            {"lowPriorityCapable", true},
            {"premiumIO", premium},
            {"estimatedVMPrices",
             {{"billingCurrency", "USD"},
              {"unitOfMeasure", "OneHour"},
              {"values",
               {price(size.price, "Linux", "Standard"),
                price(size.price * 0.2, "Linux", "LowPriority"),
                price(size.price + 0.046 * size.vcpus, "Windows", "Standard"),
                price((size.price + 0.046 * size.vcpus) * 0.4, "Windows", "LowPriority")}}}},
            {"supportedComputeTypes", std::move(types)}};
}

json usage_json(std::string id,
                std::string_view type,
                std::string_view name,
                int limit,
                std::optional<int> current) {
    json usage{
        {"id", std::move(id)},
        {"type",
         fmt::format(
             "Microsoft.MachineLearningServices/{}/{}", type, current ? "usages" : "quotas")},
        {"limit", limit},
        {"unit", "Count"},
        {"name", {{"value", name}, {"localizedValue", name}}}};
    if (current) usage["currentValue"] = *current;
    return usage;
}

std::string with_underscores(std::string_view name) {
    std::string result(name);
    std::replace(result.begin(), result.end(), ' ', '_');
    return result;
}

}  // namespace

void Capacity::add_routes() {
    RouteTable table(site_.router, ml_versions());
    const std::string base(location_path);
    table.add("GET", base + "/vmSizes", [this](const Request& request) { return sizes(request); });
    table.add("GET", base + "/usages", [this](const Request& request) { return usages(request); });
    table.add(
        "GET", base + "/quotas", [this](const Request& request) { return list_quotas(request); });
}

Reply Capacity::sizes(const Request& request) {
    require_subscription(site_, request);
    require_region(request);
    json items = json::array();
    for (const auto& size : vm_sizes()) items.push_back(size_json(size));
    return Reply::of_json({{"value", std::move(items)}});
}

std::map<std::string, int> cores_in_use(Site& site,
                                        std::string_view subscription,
                                        std::string_view location) {
    std::map<std::string, int> cores;
    auto& resources = site.context.resources;
    for (const auto& workspace : resources.list_workspaces(subscription, "", 0, 10'000)) {
        if (!same_text(workspace.location, location)) continue;
        for (const auto& compute : resources.list(workspace.id, "computes", "", {0, 1000})) {
            const auto inner = value_at(value_at(compute.body, "properties"), "properties");
            const auto* size = find_vm_size(text_at(inner, "vmSize"));
            if (size == nullptr) continue;
            const int machines =
                is_instance(compute)
                    ? (same_text(text_at(inner, "state"), "Stopped") ? 0 : 1)
                    : site.scheduler.cluster(workspace.id, compute.name).current_nodes;
            cores[std::string(size->family)] += size->vcpus * machines;
            ++cores["clusters"];
        }
    }
    return cores;
}

Reply Capacity::usages(const Request& request) {
    const auto subscription = require_subscription(site_, request);
    require_region(request);
    auto cores = cores_in_use(site_, subscription.id, request.param("location"));
    const auto base = fmt::format(
        "/subscriptions/{}/providers/Microsoft.MachineLearningServices/locations/{}/usages",
        subscription.id,
        request.param("location"));
    int total = 0;
    std::vector<json> items;
    for (const auto& quota : quotas()) {
        const int used = cores[std::string(quota.family)];
        total += used;
        items.push_back(usage_json(fmt::format("{}/{}", base, with_underscores(quota.display_name)),
                                   "vmFamily",
                                   quota.display_name,
                                   quota.limit,
                                   used));
    }
    constexpr std::string_view regional = "Total Cluster Dedicated Regional vCPUs";
    items.insert(items.begin(),
                 usage_json(fmt::format("{}/{}", base, with_underscores(regional)),
                            "dedicatedCores",
                            regional,
                            total_core_limit,
                            total));
    items.insert(
        items.begin(),
        usage_json(base + "/Clusters", "totalCores", "Clusters", cluster_limit, cores["clusters"]));
    return page_reply(request, std::move(items), std::nullopt);
}

Reply Capacity::list_quotas(const Request& request) {
    const auto subscription = require_subscription(site_, request);
    require_region(request);
    std::vector<json> items;
    for (const auto& quota : quotas()) {
        auto id = fmt::format(
            "/subscriptions/{}/providers/Microsoft.MachineLearningServices/locations/{}/quotas/{}",
            subscription.id,
            request.param("location"),
            with_underscores(quota.display_name));
        items.push_back(
            usage_json(std::move(id), "vmFamily", quota.display_name, quota.limit, std::nullopt));
    }
    return page_reply(request, std::move(items), std::nullopt);
}

}  // namespace aml::emulator
