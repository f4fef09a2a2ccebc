#include "runs/run_filter.hpp"

#include "runs/run_status.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

namespace aml::runs {
namespace {

bool contains(const std::string& where, const std::string& lowered) {
    return lower(where).find(lowered) != std::string::npos;
}

}  // namespace

bool matches(const RunFilter& filter, const RunSnapshot& run) {
    if (!filter.owner.empty() && run.owner != filter.owner) return false;
    if (!filter.groups.empty() && !filter.groups.contains(group_of(run.status))) return false;
    if (filter.text.empty()) return true;
    const auto text = lower(filter.text);
    return contains(run.display_name, text) || contains(run.job.name(), text) ||
           contains(run.target, text) || contains(run.created_by, text);
}

std::string query_filter(const RunFilter& filter, std::string_view parent) {
    const auto query = fmt::format("(ParentRunId eq {})", parent.empty() ? "null" : parent);
    std::string statuses;
    for (const auto group : filter.groups) {
        for (const auto& status : statuses_for_query(group))
            statuses += fmt::format("{}Status eq {}", statuses.empty() ? "" : " or ", status);
    }
    return statuses.empty() ? query : query + " and (" + statuses + ")";
}

std::string summary(const RunFilter& filter) {
    std::string text;
    for (const auto& choice : group_choices) {
        if (filter.groups.contains(choice.group))
            text += (text.empty() ? "" : ", ") + localize(choice.text).shown();
    }
    if (!filter.text.empty())
        text += (text.empty() ? "" : ", ") + localize("matching “{}”", filter.text).shown();
    return text;
}

}  // namespace aml::runs
