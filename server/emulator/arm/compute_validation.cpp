#include "arm/compute_validation.hpp"

#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {
namespace {

std::int64_t node_count(const json& scale, const char* key, std::int64_t fallback) {
    const auto value = value_at(scale, key);
    if (value.is_null()) return fallback;
    if (!value.is_number_integer() || value < 0 || value > 65'000) {
        reject_member(fmt::format("properties.properties.scaleSettings.{}", key),
                      fmt::format("'{}' must be a whole number that is not negative.", key));
    }
    return value.get<std::int64_t>();
}

/// Azure refuses a cluster whose smallest size the quota cannot hold; the rest shows when it
/// scales.
void check_quota(const VmSize& size, std::int64_t least) {
    const auto* quota = find_quota(size.family);
    if (quota == nullptr) return;
    if (size.vcpus > quota->limit) {
        throw provider_error(
            400,
            "QuotaExceeded",
            fmt::format(
                "The specified subscription has a {} quota of {} and cannot accommodate for "
                "at least 1 requested managed compute node "
                "which maps to {} vCPUs.",
                quota->display_name,
                quota->limit,
                size.vcpus));
    }
    if (least * size.vcpus > quota->limit) {
        throw provider_error(
            400,
            "ClusterMinNodesExceedCoreQuota",
            fmt::format(
                "The specified subscription has a {} quota of {} and cannot accommodate for "
                "the {} requested minimum nodes which map to {} "
                "vCPUs.",
                quota->display_name,
                quota->limit,
                least,
                least * size.vcpus));
    }
}

/// A subnet is named by its id, nodes without a public address need one, and so does a cluster in
/// a workspace that admits no public network, unless Azure ML manages the network.
void check_network(const json& inner, const Workspace& workspace) {
    constexpr auto target = "properties.properties.subnet";
    const auto& properties = workspace.body["properties"];
    const auto mode = text_at(value_at(properties, "managedNetwork"), "isolationMode");
    const bool managed = !mode.empty() && !same_text(mode, "Disabled");
    const auto subnet = value_at(inner, "subnet");
    const auto id = to_lower(text_at(subnet, "id"));
    if (!subnet.is_null() && id.find("/virtualnetworks/") == std::string::npos)
        reject_member(target, fmt::format("'{}' is not the id of a subnet.", id));
    if (managed || !id.empty()) return;
    if (value_at(inner, "enableNodePublicIp") == false)
        reject_member(target, "Nodes without a public IP address need a subnet.");
    if (same_text(text_at(properties, "publicNetworkAccess"), "Disabled")) {
        reject_member(target,
                      fmt::format("The workspace '{}' admits no public network: a compute in it "
                                  "needs a subnet.",
                                  workspace.name));
    }
}

void check_scale(const json& scale, const VmSize& size) {
    if (!scale.is_object())
        reject_member("properties.properties.scaleSettings", "'scaleSettings' is required.");
    if (value_at(scale, "maxNodeCount").is_null())
        reject_member("properties.properties.scaleSettings.maxNodeCount",
                      "'maxNodeCount' is required.");
    const auto most = node_count(scale, "maxNodeCount", 0);
    const auto least = node_count(scale, "minNodeCount", 0);
    if (most < 1)
        reject_member("properties.properties.scaleSettings.maxNodeCount",
                      "'maxNodeCount' must be at least 1.");
    if (least > most)
        reject_member(
            "properties.properties.scaleSettings.minNodeCount",
            fmt::format("'minNodeCount' ({}) is greater than 'maxNodeCount' ({}).", least, most));
    const auto idle = value_at(scale, "nodeIdleTimeBeforeScaleDown");
    if (!idle.is_null() && (!idle.is_string() || !parse_iso_duration(idle.get<std::string>()))) {
        reject_member("properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown",
                      "'nodeIdleTimeBeforeScaleDown' must be an ISO 8601 duration such as PT120S.");
    }
    check_quota(size, least);
}

}  // namespace

bool is_compute_name(std::string_view name) {
    if (!is_name(name, 3, 24, "-") || std::isdigit(static_cast<unsigned char>(name.front())) != 0)
        return false;
    const auto dash = name.rfind('-');
    if (dash == std::string_view::npos || dash + 1 == name.size()) return true;
    const auto tail = name.substr(dash + 1);
    return !std::all_of(tail.begin(), tail.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void reject_member(std::string_view target, std::string_view message) {
    throw provider_error(400,
                         "BadRequest",
                         message,
                         json::array({{{"code", "InvalidValue"},
                                       {"message", message},
                                       {"target", target},
                                       {"details", json::array()}}}));
}

const VmSize& check_machines(const json& body, const Workspace& workspace) {
    const auto& location = workspace.location;
    const auto given = text_at(body, "location");
    if (!given.empty() && !same_text(given, location)) {
        reject_member(
            "location",
            fmt::format(
                "The compute's location '{}' must be the workspace's, '{}'.", given, location));
    }
    const auto inner = value_at(value_at(body, "properties"), "properties");
    const auto name = text_at(inner, "vmSize");
    if (name.empty()) reject_member("properties.properties.vmSize", "'vmSize' is required.");
    const auto* size = find_vm_size(name);
    if (size == nullptr) {
        reject_member(
            "properties.properties.vmSize",
            fmt::format("The specified VM size '{}' is not supported in region '{}'. Choose one "
                        "of the region's vmSizes.",
                        name,
                        location));
    }
    check_network(inner, workspace);
    return *size;
}

void check_cluster(const json& body, const Workspace& workspace) {
    const auto inner = value_at(value_at(body, "properties"), "properties");
    const auto& size = check_machines(body, workspace);
    const auto priority = text_at(inner, "vmPriority");
    if (!priority.empty() && !same_text(priority, "Dedicated") &&
        !same_text(priority, "LowPriority")) {
        reject_member(
            "properties.properties.vmPriority",
            fmt::format("'vmPriority' must be Dedicated or LowPriority, not '{}'.", priority));
    }
    check_scale(value_at(inner, "scaleSettings"), size);
}

}  // namespace aml::emulator
