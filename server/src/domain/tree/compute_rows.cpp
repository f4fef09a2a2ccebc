#include "domain/tree/compute_rows.hpp"

#include "domain/names.hpp"
#include "domain/state_word.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aml::domain {
namespace {

// What a newcomer should look at first.
constexpr std::array<std::string_view, 4> usual_sizes{
    "Standard_DS3_v2", "Standard_DS12_v2", "Standard_NC4as_T4_v3", "Standard_NC6s_v3"};

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

PickItem size_row(const azure::VmSize& size, const std::string& selected) {
    PickItem row{.id = size.name, .label = size.name};
    row.description = describe_size(size);
    if (const auto price = describe_price(size, false)) row.description += " · " + *price;
    row.picked = same_name(size.name, selected);
    return row;
}

bool is_usual(const azure::VmSize& size) {
    const auto same = [&](std::string_view name) { return same_name(name, size.name); };
    return std::any_of(usual_sizes.begin(), usual_sizes.end(), same);
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

bool is_usable(const azure::Compute& compute) {
    return compute.runs_jobs() && !same_name(compute.provisioning_state, "Failed") &&
           !same_name(compute.provisioning_state, "Deleting");
}

PickItem compute_row(const azure::Compute& compute, const std::vector<azure::VmSize>* sizes) {
    PickItem row{.id = compute.name, .label = compute.name};
    row.description = describe_state(compute);
    const auto* size = sizes == nullptr ? nullptr : find_size(*sizes, compute.vm_size);
    const bool low_priority = same_name(compute.vm_priority, "LowPriority");
    row.detail = compute.vm_size;
    if (size != nullptr) row.detail = fmt::format("{} · {}", size->name, describe_size(*size));
    if (low_priority) row.detail += fmt::format(" · {}", localize("low priority"));
    const auto price = size == nullptr ? std::nullopt : describe_price(*size, low_priority);
    if (price) row.detail += " · " + *price;
    if (!compute.errors.empty())
        row.detail += (row.detail.empty() ? "" : " · ") + compute.errors.front();
    row.icon = compute.errors.empty() ? "server" : "warning";
    return row;
}

std::vector<PickItem> size_rows(const std::vector<azure::VmSize>& sizes,
                                const std::string& selected) {
    std::vector<PickItem> usual;
    std::vector<PickItem> cpu;
    std::vector<PickItem> gpu;
    for (const auto& size : sizes) {
        auto& group = is_usual(size) ? usual : size.gpus > 0 ? gpu : cpu;
        group.push_back(size_row(size, selected));
    }
    std::vector<PickItem> rows;
    const auto append = [&](std::string heading, std::vector<PickItem>& group) {
        if (group.empty()) return;
        rows.push_back(PickItem::separator(std::move(heading)));
        rows.insert(rows.end(),
                    std::make_move_iterator(group.begin()),
                    std::make_move_iterator(group.end()));
    };
    append(localize("Often used"), usual);
    append(localize("CPU only"), cpu);
    append(localize("With GPUs"), gpu);
    return rows;
}

}  // namespace aml::domain
