#pragma once

#include "core/context.hpp"
#include "data/data_routes.hpp"
#include "data/filter.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// Which runs of a workspace are wanted.
struct RunQuery {
    FilterLanguage language = FilterLanguage::RunHistory;
    std::string filter;
    /// `StartTimeUtc desc`; "" means newest first.
    std::string order;
    /// Conditions of the route itself (an experiment, a parent), already in SQL.
    std::vector<SqlCondition> conditions;
    std::size_t limit = 50;
    PageToken token;
};

struct FoundRuns {
    std::vector<Run> runs;
    /// "" when there is no more.
    std::string next_token;
};

/// Throws: aml::Error (Rejected) for a filter or an order that is not valid.
FoundRuns find_runs(Context& context, std::string_view workspace_id, const RunQuery& query);

/// What MLflow calls a status of run history: RUNNING, SCHEDULED, FINISHED, FAILED, KILLED.
std::string_view mlflow_status(std::string_view status);

}  // namespace aml::emulator
