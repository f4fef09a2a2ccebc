#include "workspace/compute_cost.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>

namespace aml::workspace {
namespace {

constexpr double hours_of_month = 730;

}  // namespace

std::optional<std::string> describe_month(const azure::VmSize& size, bool low_priority, int nodes) {
    const auto price = size.linux_price(low_priority);
    if (!price) return std::nullopt;
    const double sum = price->per_hour * hours_of_month * nodes;
    if (price->currency.empty() || same_name(price->currency, "USD"))
        return localize("${:.0f}", sum);
    return localize("{:.0f} {}", sum, price->currency);
}

std::optional<std::string> standing_cost(const azure::VmSize* size, bool low_priority, int nodes) {
    if (nodes <= 0) return std::nullopt;
    const auto month = size == nullptr ? std::nullopt : describe_month(*size, low_priority, nodes);
    if (!month) {
        return nodes == 1
                   ? localize("1 node stays on and is paid for, also when nothing runs.")
                   : localize("{} nodes stay on and are paid for, also when nothing runs.", nodes);
    }
    return nodes == 1
               ? localize("1 node stays on, also when nothing runs: about {} a month.", *month)
               : localize(
                     "{} nodes stay on, also when nothing runs: about {} a month.", nodes, *month);
}

std::optional<CoreRoom> room_for(const azure::VmSize& size,
                                 const std::vector<azure::Usage>& usages) {
    const auto* usage = azure::usage_of(size, usages);
    if (usage == nullptr || usage->limit < 0 || size.cores <= 0) return std::nullopt;
    const auto free = std::max<std::int64_t>(0, usage->limit - usage->current);
    return CoreRoom{free, usage->limit, free / size.cores};
}

std::optional<std::string> lacking_quota(const azure::VmSize& size,
                                         const std::vector<azure::Usage>& usages,
                                         int nodes) {
    const auto room = room_for(size, usages);
    if (!room || room->machines >= nodes) return std::nullopt;
    return localize(
        "The quota holds {} of {} machines {}: {} of its {} cores are free. Ask for more in the "
        "Azure portal (Quotas, Machine learning).",
        room->machines,
        nodes,
        size.name,
        room->free,
        room->limit);
}

}  // namespace aml::workspace
