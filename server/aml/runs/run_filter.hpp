#pragma once

#include "runs/run_snapshot.hpp"

#include <set>
#include <string>
#include <string_view>

namespace aml::runs {

/// Which runs the tree shows. An empty filter shows all.
struct RunFilter {
    /// Found in the run's display name, name, compute or author, without regard to case.
    std::string text{};
    /// Empty for any.
    std::set<RunGroup> groups{};
    /// Object id of whose runs are shown; empty for everybody's. No part of what the user types.
    std::string owner{};

    bool empty() const { return text.empty() && groups.empty(); }

    bool operator==(const RunFilter&) const = default;
};

bool matches(const RunFilter& filter, const RunSnapshot& run);

/// The part that run history can decide, for the runs below `parent` (empty: those that are no part
/// of another), e.g. "(ParentRunId eq null) and (Status eq Running)".  Source: run history query
/// language, v1.0.
std::string query_filter(const RunFilter& filter, std::string_view parent = {});

/// For the user: "failed, matching “mnist”".
std::string summary(const RunFilter& filter);

}  // namespace aml::runs
