#include "wizard/compute_rows.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"
#include "workspace/compute_text.hpp"
#include "workspace/state_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aml::wizard {
namespace {

// What a newcomer should look at first.
constexpr std::array<std::string_view, 4> usual_sizes{
    "Standard_DS3_v2", "Standard_DS12_v2", "Standard_NC4as_T4_v3", "Standard_NC24ads_A100_v4"};

/// What the quota leaves for a size; empty where nothing is known or limited.
std::string quota_left(const azure::VmSize& size, const std::vector<azure::Usage>& usages) {
    const auto* usage = azure::usage_of(size, usages);
    if (usage == nullptr || usage->limit < 0) return {};
    const auto left = std::max<std::int64_t>(0, usage->limit - usage->current);
    if (left < size.cores) {
        return localize(
            "No quota for it: {} of {} cores free. Ask for more in the Azure portal "
            "(Quotas, Machine learning)",
            left,
            usage->limit);
    }
    return localize("{} of {} cores of the quota free", left, usage->limit);
}

ui::PickItem size_row(const azure::VmSize& size,
                      const std::vector<azure::Usage>& usages,
                      const std::string& selected) {
    ui::PickItem row{.id = size.name, .label = size.name};
    row.description = workspace::describe_size(size);
    if (const auto price = workspace::describe_price(size, false))
        row.description += " · " + *price;
    row.detail = quota_left(size, usages);
    row.picked = same_name(size.name, selected);
    return row;
}

bool is_usual(const azure::VmSize& size) {
    const auto same = [&](std::string_view name) { return same_name(name, size.name); };
    return std::any_of(usual_sizes.begin(), usual_sizes.end(), same);
}

}  // namespace

ui::PickItem compute_row(const azure::Compute& compute, const std::vector<azure::VmSize>* sizes) {
    ui::PickItem row{.id = compute.name, .label = compute.name};
    row.description = workspace::describe_state(compute);
    const auto* size = sizes == nullptr ? nullptr : workspace::find_size(*sizes, compute.vm_size);
    const bool low_priority = same_name(compute.vm_priority, "LowPriority");
    row.detail = compute.vm_size;
    if (size != nullptr)
        row.detail = fmt::format("{} · {}", size->name, workspace::describe_size(*size));
    if (low_priority) row.detail += fmt::format(" · {}", localize("low priority"));
    const auto price =
        size == nullptr ? std::nullopt : workspace::describe_price(*size, low_priority);
    if (price) row.detail += " · " + *price;
    if (!compute.errors.empty())
        row.detail += (row.detail.empty() ? "" : " · ") + compute.errors.front();
    row.icon = compute.errors.empty() ? "server" : "warning";
    return row;
}

std::vector<ui::PickItem> size_rows(const std::vector<azure::VmSize>& sizes,
                                    const std::vector<azure::Usage>& usages,
                                    const std::string& selected) {
    std::vector<ui::PickItem> usual;
    std::vector<ui::PickItem> cpu;
    std::vector<ui::PickItem> gpu;
    for (const auto& size : sizes) {
        auto& group = is_usual(size) ? usual : size.gpus > 0 ? gpu : cpu;
        group.push_back(size_row(size, usages, selected));
    }
    std::vector<ui::PickItem> rows;
    const auto append = [&](std::string heading, std::vector<ui::PickItem>& group) {
        if (group.empty()) return;
        rows.push_back(ui::PickItem::separator(std::move(heading)));
        rows.insert(rows.end(),
                    std::make_move_iterator(group.begin()),
                    std::make_move_iterator(group.end()));
    };
    append(localize("Often used"), usual);
    append(localize("CPU only"), cpu);
    append(localize("With GPUs"), gpu);
    return rows;
}

}  // namespace aml::wizard
