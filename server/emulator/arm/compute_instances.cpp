#include "arm/compute_instances.hpp"

#include "arm/compute_validation.hpp"
#include "arm/vm_sizes.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {
namespace {

constexpr std::chrono::minutes least_idle{15};
constexpr std::chrono::hours most_idle{72};

json& inner_of(Resource& compute) {
    return compute.body["properties"]["properties"];
}

/// Throws: Refused when the free cores of the size's family do not hold one more machine.
void check_cores(Site& site, const Workspace& workspace, const VmSize& size) {
    const auto* quota = find_quota(size.family);
    if (quota == nullptr) return;
    auto used = cores_in_use(site, workspace.subscription, workspace.location);
    const int now = used[std::string(size.family)];
    if (now + size.vcpus <= quota->limit) return;
    throw provider_error(
        400,
        "QuotaExceeded",
        fmt::format("Operation could not be completed as it results in exceeding approved {} "
                    "quota. Additional details - Location: {}, Current Limit: {}, Current Usage: "
                    "{}, Additional Required: {}.",
                    quota->display_name,
                    workspace.location,
                    quota->limit,
                    now,
                    size.vcpus));
}

json last_operation(std::string_view word, std::string_view status, Time now) {
    return {{"operationName", word},
            {"operationTime", iso_time(now)},
            {"operationStatus", status},
            {"operationTrigger", "User"}};
}

}  // namespace

bool is_instance(const Resource& compute) {
    return same_text(text_at(value_at(compute.body, "properties"), "computeType"),
                     "ComputeInstance");
}

void check_instance(Site& site, const json& body, const Workspace& workspace) {
    const auto inner = value_at(value_at(body, "properties"), "properties");
    const auto& size = check_machines(body, workspace);
    if (size.vcpus > most_instance_cores) {
        reject_member("properties.properties.vmSize",
                      fmt::format("The VM size '{}' is not supported for compute instances.",
                                  text_at(inner, "vmSize")));
    }
    const auto idle = text_at(inner, "idleTimeBeforeShutdown");
    const auto time = parse_iso_duration(idle);
    if (!idle.empty() && (!time || *time < least_idle || *time > most_idle)) {
        reject_member("properties.properties.idleTimeBeforeShutdown",
                      "'idleTimeBeforeShutdown' must be an ISO 8601 duration from 15 minutes to 3 "
                      "days such as PT60M.");
    }
    check_cores(site, workspace, size);
}

json instance_properties(const json& sent,
                         const json& previous,
                         const Workspace& workspace,
                         const json& creator,
                         Time now) {
    json inner{{"applicationSharingPolicy", "Shared"},
               {"subnet", nullptr},
               {"sshSettings", {{"sshPublicAccess", "Disabled"}}},
               {"customServices", nullptr},
               {"computeInstanceAuthorizationType", "personal"},
               {"personalComputeInstanceSettings", nullptr},
               {"setupScripts", nullptr},
               {"schedules", nullptr},
               {"enableNodePublicIp", true}};
    const auto given = value_at(sent, "properties");
    for (const auto* key : {"vmSize",
                            "subnet",
                            "applicationSharingPolicy",
                            "sshSettings",
                            "computeInstanceAuthorizationType",
                            "personalComputeInstanceSettings",
                            "setupScripts",
                            "schedules",
                            "idleTimeBeforeShutdown",
                            "enableNodePublicIp"}) {
        if (!value_at(given, key).is_null()) inner[key] = given[key];
    }
    inner["vmSize"] = to_upper(text_at(inner, "vmSize"));
    inner.update({{"state", "Creating"},
                  {"createdBy", creator},
                  {"errors", json::array()},
                  {"applications", json::array()},
                  {"connectivityEndpoints",
                   {{"publicIpAddress", nullptr}, {"privateIpAddress", "10.0.0.4"}}},
                  {"lastOperation", last_operation("Create", "InProgress", now)}});
    const auto stamp = iso_time(now);
    return {{"computeType", "ComputeInstance"},
            {"computeLocation", workspace.location},
            {"description", value_at(sent, "description")},
            {"createdOn", previous.is_object() ? previous.value("createdOn", stamp) : stamp},
            {"modifiedOn", stamp},
            {"resourceId", nullptr},
            {"disableLocalAuth", true},
            {"isAttachedCompute", false},
            {"provisioningState", "Creating"},
            {"provisioningErrors", nullptr},
            {"properties", inner}};
}

const std::vector<PowerAction>& power_actions() {
    static const std::vector<PowerAction> all{
        {"computes.start", "Start", "Starting", "Running"},
        {"computes.stop", "Stop", "Stopping", "Stopped"},
        {"computes.restart", "Restart", "Restarting", "Running"},
        {"computes.create", "Create", "Creating", "Running"}};
    return all;
}

const PowerAction* find_power_action(std::string_view kind) {
    for (const auto& action : power_actions()) {
        if (kind == action.kind) return &action;
    }
    return nullptr;
}

bool begin_power(Site& site,
                 const Workspace& workspace,
                 const PowerAction& action,
                 Resource& compute,
                 Time now) {
    const std::string_view word = action.word;
    if (!is_instance(compute)) {
        throw provider_error(
            400,
            "BadRequest",
            fmt::format("{} is supported for compute instances only.", action.word));
    }
    auto& inner = inner_of(compute);
    const auto state = text_at(inner, "state");
    const bool restarts = word == "Restart";
    if (state == action.then && !restarts) return false;
    if (state != "Running" && state != "Stopped") {
        throw provider_error(409,
                             "OperationInProgress",
                             fmt::format("The compute instance '{}' is {}.", compute.name, state));
    }
    if (restarts && state != "Running") {
        throw provider_error(
            400,
            "BadRequest",
            fmt::format("The compute instance '{}' is not running and cannot be restarted.",
                        compute.name));
    }
    const auto* size = find_vm_size(text_at(inner, "vmSize"));
    if (word == "Start" && size != nullptr) check_cores(site, workspace, *size);
    inner["state"] = action.meanwhile;
    inner["lastOperation"] = last_operation(word, "InProgress", now);
    return true;
}

void end_power(const PowerAction& action, Resource& compute) {
    auto& inner = inner_of(compute);
    inner["state"] = action.then;
    inner["lastOperation"]["operationStatus"] = "Succeeded";
}

}  // namespace aml::emulator
