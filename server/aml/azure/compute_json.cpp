#include "azure/compute_json.hpp"

#include "azure/errors.hpp"
#include "azure/json_fields.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>

namespace aml::azure {
namespace {

using nlohmann::json;

int small(const json& object, std::string_view name) {
    return static_cast<int>(integer(object, name).value_or(0));
}

std::optional<int> count(const json& object, std::string_view name) {
    const auto value = integer(object, name);
    return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

NodeCounts read_counts(const json& object) {
    NodeCounts counts;
    counts.preparing = small(object, "preparingNodeCount");
    counts.running = small(object, "runningNodeCount");
    counts.idle = small(object, "idleNodeCount");
    counts.unusable = small(object, "unusableNodeCount");
    counts.leaving = small(object, "leavingNodeCount");
    counts.preempted = small(object, "preemptedNodeCount");
    return counts;
}

ComputeSetup read_setup(const json& item, const json& inner) {
    ComputeSetup setup;
    setup.subnet = text(member(inner, {"subnet"}), "id");
    const auto& address = member(inner, {"enableNodePublicIp"});
    setup.node_public_ip = !address.is_boolean() || address.get<bool>();
    const auto& identities = member(item, {"identity", "userAssignedIdentities"});
    if (identities.is_object()) {
        for (const auto& [id, facts] : identities.items()) setup.identities.push_back(id);
    }
    return setup;
}

void read_errors(const json& list, std::vector<std::string>& errors) {
    for (const auto& item : list) {
        const auto error = service_error(item);
        if (error) errors.push_back(error->message.empty() ? error->code : error->message);
    }
}

std::string letters(std::string_view text) {
    const bool fine =
        !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char letter) {
            return std::isalnum(letter) != 0 || letter == '-';
        });
    return fine ? std::string()
                : localize("A compute name may hold only letters, digits and hyphens.");
}

}  // namespace

bool Compute::runs_jobs() const {
    return same_name(type, "AmlCompute") || same_name(type, "ComputeInstance") ||
           same_name(type, "Kubernetes");
}

bool Compute::is_instance() const {
    return same_name(type, "ComputeInstance");
}

bool Compute::is_cluster() const {
    return same_name(type, "AmlCompute");
}

std::optional<VmPrice> VmSize::linux_price(bool low_priority) const {
    for (const auto& price : prices) {
        const bool low = same_name(price.tier, "LowPriority") || same_name(price.tier, "Spot");
        if (same_name(price.os_type, "Linux") && low == low_priority) return price;
    }
    return std::nullopt;
}

Compute compute_from_json(const json& item) {
    const auto& outer = member(item, {"properties"});
    const auto& inner = member(outer, {"properties"});
    const auto& scale = member(inner, {"scaleSettings"});
    Compute compute;
    compute.id = ResourceId::parse(text(item, "id")).value_or(ResourceId());
    compute.name = text(item, "name");
    compute.location = text(item, "location");
    compute.description = text(outer, "description");
    compute.type = text(outer, "computeType");
    compute.provisioning_state = text(outer, "provisioningState");
    compute.vm_size = text(inner, "vmSize");
    compute.vm_priority = text(inner, "vmPriority");
    compute.allocation_state = text(inner, "allocationState");
    compute.instance_state = text(inner, "state");
    compute.created_by = text(member(inner, {"createdBy"}), "userName");
    if (compute.created_by.empty())
        compute.created_by = text(member(item, {"systemData"}), "createdBy");
    compute.min_nodes = count(scale, "minNodeCount");
    compute.max_nodes = count(scale, "maxNodeCount");
    compute.current_nodes = count(inner, "currentNodeCount");
    compute.target_nodes = count(inner, "targetNodeCount");
    compute.idle_time = duration(scale, "nodeIdleTimeBeforeScaleDown");
    if (!compute.idle_time) compute.idle_time = duration(inner, "idleTimeBeforeShutdown");
    compute.setup = read_setup(item, inner);
    compute.nodes = read_counts(member(inner, {"nodeStateCounts"}));
    read_errors(member(outer, {"provisioningErrors"}), compute.errors);
    read_errors(member(inner, {"errors"}), compute.errors);
    return compute;
}

ComputeNode compute_node_from_json(const json& item) {
    ComputeNode node;
    node.id = text(item, "nodeId");
    node.state = text(item, "nodeState");
    node.private_ip = text(item, "privateIpAddress");
    node.run_id = text(item, "runId");
    return node;
}

VmSize vm_size_from_json(const json& item) {
    VmSize size;
    size.name = text(item, "name");
    size.family = text(item, "family");
    size.cores = small(item, "vCPUs");
    size.gpus = small(item, "gpus");
    size.memory_gb = number(item, "memoryGB").value_or(0);
    size.low_priority_capable = boolean(item, "lowPriorityCapable");
    for (const auto& type : member(item, {"supportedComputeTypes"})) {
        if (type.is_string()) size.compute_types.push_back(type.get<std::string>());
    }
    const auto& prices = member(item, {"estimatedVMPrices"});
    for (const auto& value : member(prices, {"values"})) {
        VmPrice price;
        price.per_hour = number(value, "retailPrice").value_or(0);
        price.currency = text(prices, "billingCurrency");
        price.os_type = text(value, "osType");
        price.tier = text(value, "vmTier");
        size.prices.push_back(std::move(price));
    }
    return size;
}

Usage usage_from_json(const json& item) {
    Usage usage;
    usage.id = text(item, "id");
    usage.type = text(item, "type");
    usage.name = text(member(item, {"name"}), "value");
    usage.display_name = text(member(item, {"name"}), "localizedValue");
    usage.current = integer(item, "currentValue").value_or(0);
    usage.limit = integer(item, "limit").value_or(0);
    return usage;
}

const Usage* usage_of(const VmSize& size, const std::vector<Usage>& usages) {
    const auto family = lower(size.family);
    for (const auto& usage : usages) {
        auto name = lower(usage.name);
        std::erase(name, ' ');
        name = name.substr(0, name.find("cluster"));
        if (!family.empty() && name == family) return &usage;
    }
    return nullptr;
}

std::string compute_name_problem(std::string_view name) {
    if (name.size() < 3 || name.size() > 24)
        return localize("A compute name has 3 to 24 characters.");
    if (std::isalpha(static_cast<unsigned char>(name.front())) == 0)
        return localize("A compute name starts with a letter.");
    if (auto problem = letters(name); !problem.empty()) return problem;
    const auto hyphen = name.rfind('-');
    const bool number_at_end =
        hyphen != std::string_view::npos && hyphen + 1 < name.size() &&
        name.find_first_not_of("0123456789", hyphen + 1) == std::string_view::npos;
    if (number_at_end) return localize("A compute name must not end in a hyphen and a number.");
    return {};
}

}  // namespace aml::azure
