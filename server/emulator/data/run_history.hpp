#pragma once

#include "core/context.hpp"
#include "core/scheduler.hpp"
#include "data/data_routes.hpp"
#include "data/run_json.hpp"
#include "data/run_query.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// Runs of run history v1.0. Source: `run-history-v1.0.json` of Azure's OpenAPI descriptions.
class RunHistory final {
public:
    RunHistory(Context& context, Router& router, RunArtifacts& artifacts, Scheduler& scheduler);

    void add_routes();

private:
    using RunHandler = std::function<Reply(const Workspace&, const Run&, const Request&)>;

    /// Adds `/runs/{run}{suffix}` and the forms below `/experiments/{experiment}` and
    /// `/experimentids/{experimentId}`.
    void add_run(std::string method, std::string_view suffix, RunHandler handler);
    void add_lists();
    void add_changes();

    Run find(const Workspace& workspace, const Request& request, std::string_view id) const;
    /// A run with what is known of its children.
    json shown(const Workspace& workspace, const Run& run, const Request& request) const;
    /// What a batch says of a run that is not there.
    static json missing(std::string_view id, const Request& request);
    Reply query(const Workspace& workspace,
                const Request& request,
                std::vector<SqlCondition> conditions);
    Reply page(const Workspace& workspace, const Request& request, RunQuery query);
    Reply children(const Workspace& workspace, const Run& run, const Request& request);
    Reply details(const Workspace& workspace, const Run& run, const Request& request);
    Reply run_data(const Workspace& workspace, const Request& request);
    Reply batch_run_data(const Workspace& workspace, const Request& request);
    Reply by_ids(const Workspace& workspace, const Request& request);
    json data_of(const Workspace& workspace,
                 const Run& run,
                 const json& selection,
                 const Request& request);

    Run add_or_change(const Workspace& workspace,
                      const Request& request,
                      std::string_view id,
                      const json& body);
    Run change(Run run, const json& body, Time now);
    Reply add_or_change_many(const Workspace& workspace, const Request& request);
    Reply cancel(const Workspace& workspace, const Run& run, const Request& request);
    Reply delete_tags(const Workspace& workspace, Run run, const Request& request);
    void apply_event(Run run, const json& event, Time now);
    Reply events(const Workspace& workspace, const Request& request);

    Context& context_;
    RunArtifacts& artifacts_;
    Scheduler& scheduler_;
    DataRoutes routes_;
};

}  // namespace aml::emulator
