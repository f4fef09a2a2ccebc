#include "workspace/compute_text.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"
#include "workspace/state_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace aml::workspace {
namespace {

std::string cluster_state(const azure::Compute& compute) {
    const int current = compute.current_nodes.value_or(0);
    const int most = compute.max_nodes.value_or(0);
    const auto text =
        most == 1 ? localize("{} of 1 node", current) : localize("{} of {} nodes", current, most);
    const bool resizing = same_name(compute.allocation_state, "Resizing");
    if (resizing && compute.target_nodes.value_or(current) != current) {
        return compute.target_nodes.value_or(0) > current ? localize("{}, scaling up", text)
                                                          : localize("{}, scaling down", text);
    }
    if (compute.nodes.running > 0) return localize("{}, {} busy", text, compute.nodes.running);
    return text;
}

}  // namespace

const azure::VmSize* find_size(const std::vector<azure::VmSize>& sizes, const std::string& name) {
    const auto same = [&](const azure::VmSize& size) { return same_name(size.name, name); };
    const auto found = std::find_if(sizes.begin(), sizes.end(), same);
    return found == sizes.end() ? nullptr : &*found;
}

std::string describe_size(const azure::VmSize& size) {
    const auto cores = size.cores == 1 ? localize("1 core") : localize("{} cores", size.cores);
    if (size.gpus == 0) return localize("{}, {:g} GB memory", cores, size.memory_gb);
    const auto gpus = size.gpus == 1 ? localize("1 GPU") : localize("{} GPUs", size.gpus);
    return localize("{}, {:g} GB memory, {}", cores, size.memory_gb, gpus);
}

std::optional<std::string> describe_price(const azure::VmSize& size, bool low_priority) {
    const auto price = size.linux_price(low_priority);
    if (!price) return std::nullopt;
    if (price->currency.empty() || same_name(price->currency, "USD"))
        return localize("${:.3g} per hour", price->per_hour);
    return localize("{:.3g} {} per hour", price->per_hour, price->currency);
}

std::string describe_state(const azure::Compute& compute) {
    if (same_name(compute.provisioning_state, "Failed")) return localize("could not be created");
    if (same_name(compute.provisioning_state, "Creating")) return localize("being created");
    if (same_name(compute.provisioning_state, "Deleting")) return localize("being deleted");
    if (same_name(compute.type, "AmlCompute")) return cluster_state(compute);
    if (!compute.instance_state.empty()) return state_word(lower(compute.instance_state));
    return state_word(lower(compute.provisioning_state));
}

std::string describe_idle(const azure::Compute& compute) {
    if (!compute.is_cluster() && !compute.is_instance()) return {};
    if (!compute.idle_time) return localize("never");
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(*compute.idle_time).count();
    return seconds % 60 == 0 ? localize("{} min", seconds / 60) : localize("{} s", seconds);
}

bool is_usable(const azure::Compute& compute) {
    return compute.runs_jobs() && !same_name(compute.provisioning_state, "Failed") &&
           !same_name(compute.provisioning_state, "Deleting");
}

}  // namespace aml::workspace
