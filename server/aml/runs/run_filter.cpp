#include "runs/run_filter.hpp"

#include "runs/run_status.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::runs {
namespace {

bool contains(const std::string& where, const std::string& lowered) {
    return lower(where).find(lowered) != std::string::npos;
}

}  // namespace

bool matches(const RunFilter& filter, const RunSnapshot& run) {
    const auto same = [&](const std::string& status) { return same_name(status, run.status); };
    if (!filter.statuses.empty() &&
        std::none_of(filter.statuses.begin(), filter.statuses.end(), same))
        return false;
    if (filter.text.empty()) return true;
    const auto text = lower(filter.text);
    return contains(run.display_name, text) || contains(run.job.name(), text) ||
           contains(run.target, text) || contains(run.created_by, text);
}

std::string query_filter(const RunFilter& filter) {
    std::string query = "(ParentRunId eq null)";
    if (filter.statuses.empty()) return query;
    std::string statuses;
    for (const auto& status : filter.statuses) {
        statuses += fmt::format("{}Status eq {}", statuses.empty() ? "" : " or ", status);
    }
    return query + " and (" + statuses + ")";
}

std::string summary(const RunFilter& filter) {
    std::string text;
    for (const auto& status : filter.statuses)
        text += (text.empty() ? "" : ", ") + status_text(status);
    if (!filter.text.empty())
        text += (text.empty() ? "" : ", ") + localize("matching “{}”", filter.text).shown();
    return text;
}

}  // namespace aml::runs
