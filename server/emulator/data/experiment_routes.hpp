#pragma once

#include "core/context.hpp"
#include "data/data_routes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// Which experiments of a workspace are wanted; both APIs that list them ask like this.
struct ExperimentQuery {
    /// Default | All | ActiveOnly | ArchivedOnly, or MLflow's ACTIVE_ONLY | DELETED_ONLY | ALL.
    std::string view;
    /// `name eq 'x'`, or `name LIKE '%x%'`.
    std::string filter;
    bool mlflow = false;
    std::string order;
    std::size_t limit = 50;
    PageToken token;
};

struct ExperimentPage {
    std::vector<Experiment> experiments;
    /// "" when there is no more.
    std::string next_token;
};

/// Throws: aml::Error (Rejected) for a filter or an order that is not valid.
ExperimentPage find_experiments(Context& context,
                                std::string_view workspace_id,
                                const ExperimentQuery& query);

/// Experiments of run history v1.0. Source: `run-history-v1.0.json`.
class ExperimentRoutes final {
public:
    ExperimentRoutes(Context& context, Router& router);

    void add_routes();

private:
    Reply create(const Workspace& workspace, const Request& request);
    Reply query(const Workspace& workspace, const Request& request);
    Reply change(const Workspace& workspace, const Request& request);

    Context& context_;
    DataRoutes routes_;
};

}  // namespace aml::emulator
