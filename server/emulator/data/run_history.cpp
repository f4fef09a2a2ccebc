#include "data/run_history.hpp"

#include "core/error_response.hpp"
#include "core/seeded_facts.hpp"
#include "core/time.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace aml::emulator {

namespace {

constexpr std::size_t most_ids = 1000;

std::size_t page_size(const Context& context, const json& wanted) {
    if (!wanted.is_number_unsigned() || wanted.get<std::size_t>() == 0)
        return context.settings.page_size;
    return std::min(wanted.get<std::size_t>(), context.settings.page_size);
}

json number_of(const std::string& text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return nullptr;
    return number;
}

}  // namespace

RunHistory::RunHistory(Context& context,
                       Router& router,
                       RunArtifacts& artifacts,
                       Scheduler& scheduler)
    : context_(context),
      artifacts_(artifacts),
      scheduler_(scheduler),
      routes_(context, router, "history/v1.0", "run-history") {}

void RunHistory::add_routes() {
    add_run("GET", "", [this](const Workspace& workspace, const Run& run, const Request& request) {
        return Reply::of_json(shown(workspace, run, request));
    });
    add_run("GET",
            "/details",
            [this](const Workspace& workspace, const Run& run, const Request& request) {
                return details(workspace, run, request);
            });
    add_run("GET",
            "/children",
            [this](const Workspace& workspace, const Run& run, const Request& request) {
                return children(workspace, run, request);
            });
    add_run("GET", "/serviceinstances/{node}", [](const Workspace&, const Run&, const Request&) {
        return Reply::of_json({{"instances", json::object()}});
    });
    add_run("GET", "/token", [this](const Workspace&, const Run& run, const Request& request) {
        const auto expiry = request.received + TokenService::run_token_lifetime;
        return Reply::of_json(
            {{"token", context_.tokens.issue_run_token(request.caller, run.id, request.received)},
             {"expiryTimeUtc", iso_time(expiry)}});
    });
    // A metric is stored before its batch is answered, so there is nothing to wait for.
    add_run("GET", "/metricsingest/wait", [](const Workspace&, const Run&, const Request&) {
        return Reply::of_json(json::object());
    });
    add_lists();
    add_changes();
}

void RunHistory::add_run(std::string method, std::string_view suffix, RunHandler handler) {
    const auto call = [this, handler = std::move(handler)](const Workspace& workspace,
                                                           const Request& request) {
        const auto run = find(workspace, request, request.param("run"));
        const bool with_experiment =
            !request.param("experiment").empty() || !request.param("experimentId").empty();
        if (with_experiment && routes_.experiment(workspace, request).id != run.experiment_id) {
            throw routes_.not_found(request,
                                    fmt::format("Run {} was not found in the experiment.", run.id));
        }
        return handler(workspace, run, request);
    };
    for (const char* form : {"", "/experiments/{experiment}", "/experimentids/{experimentId}"}) {
        routes_.add(method, fmt::format("{}/runs/{{run}}{}", form, suffix), call);
    }
}

void RunHistory::add_lists() {
    const auto of_experiment = [this](const Workspace& workspace, const Request& request) {
        return query(workspace,
                     request,
                     {{"experiment_id = ?", {routes_.experiment(workspace, request).id}}});
    };
    routes_.add("POST", "/experiments/{experiment}/runs:query", of_experiment);
    routes_.add("POST", "/experimentids/{experimentId}/runs:query", of_experiment);
    routes_.add("POST", "/runs:query", [this](const Workspace& workspace, const Request& request) {
        return query(workspace, request, {});
    });
    routes_.add("GET",
                "/computes/{compute}/runs",
                [this](const Workspace& workspace, const Request& request) {
                    RunQuery wanted;
                    wanted.filter = request.query.get("$filter");
                    wanted.order = request.query.get("$orderby");
                    wanted.conditions = {{"target = ?", {request.param("compute")}}};
                    wanted.limit = page_size(context_, number_of(request.query.get("$top")));
                    wanted.token = PageToken::decode(request.query.get("$continuationtoken"));
                    return page(workspace, request, std::move(wanted));
                });
    const auto ids = [this](const Workspace& workspace, const Request& request) {
        return by_ids(workspace, request);
    };
    routes_.add("POST", "/experiments/{experiment}/runs/runIds", ids);
    routes_.add("POST", "/experimentids/{experimentId}/runs/runIds", ids);
    routes_.add("POST", "/rundata", [this](const Workspace& workspace, const Request& request) {
        return run_data(workspace, request);
    });
    routes_.add(
        "POST", "/batchrundata", [this](const Workspace& workspace, const Request& request) {
            return batch_run_data(workspace, request);
        });
}

Run RunHistory::find(const Workspace& workspace,
                     const Request& request,
                     std::string_view id) const {
    auto run = context_.runs.find(workspace.id, id);
    if (!run) throw routes_.not_found(request, fmt::format("Run {} was not found.", id));
    return std::move(*run);
}

json RunHistory::shown(const Workspace& workspace, const Run& run, const Request& request) const {
    auto body = run_json(workspace, run, request.base_url);
    body["uniqueChildRunComputeTargets"] = context_.runs.child_targets(workspace.id, run.id);
    return body;
}

json RunHistory::missing(std::string_view id, const Request& request) {
    return error_response("UserError",
                          fmt::format("Run {} was not found.", id),
                          {"NotFoundError"},
                          "run-history",
                          request.received);
}

Reply RunHistory::query(const Workspace& workspace,
                        const Request& request,
                        std::vector<SqlCondition> conditions) {
    const auto body = request.json_body();
    RunQuery wanted;
    wanted.filter = text_at(body, "filter");
    wanted.order = text_at(body, "orderBy");
    wanted.conditions = std::move(conditions);
    wanted.limit = page_size(context_, body.value("top", json()));
    wanted.token = PageToken::decode(text_at(body, "continuationToken"));
    return page(workspace, request, std::move(wanted));
}

Reply RunHistory::page(const Workspace& workspace, const Request& request, RunQuery query) {
    FoundRuns found;
    try {
        found = find_runs(context_, workspace.id, query);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Rejected) throw;
        throw routes_.bad_request(request, error.message());
    }
    json body{{"value", json::array()}};
    for (const auto& run : found.runs) body["value"].push_back(shown(workspace, run, request));
    // The token members are absent on the last page, not null.
    if (!found.next_token.empty()) {
        body["continuationToken"] = found.next_token;
        body["nextLink"] = nullptr;
    }
    return Reply::of_json(body);
}

Reply RunHistory::children(const Workspace& workspace, const Run& run, const Request& request) {
    const auto& parameters = request.query;
    RunQuery wanted;
    wanted.filter = parameters.get("$filter");
    wanted.order = parameters.get("$orderby");
    if (!wanted.order.empty() && parameters.has("$sortorder"))
        wanted.order += " " + parameters.get("$sortorder");
    wanted.conditions = {{"parent_id = ?", {run.id}}};
    const auto& count = parameters.has("$top") ? parameters.get("$top") : parameters.get("$count");
    wanted.limit = page_size(context_, number_of(count));
    wanted.token = PageToken::decode(parameters.get("$continuationtoken"));
    return page(workspace, request, std::move(wanted));
}

Reply RunHistory::details(const Workspace& workspace, const Run& run, const Request& request) {
    auto body = run_details_json(workspace, run);
    body["logFiles"] = context_.store.fact(no_log_files_fact(workspace.id))
                           ? json::object()
                           : artifacts_.log_files(workspace, run.id, request.base_url);
    body["jobCost"] = {{"chargedCpuCoreSeconds", nullptr},
                       {"chargedCpuMemoryMegabyteSeconds", nullptr},
                       {"chargedGpuSeconds", nullptr},
                       {"chargedNodeUtilizationSeconds", nullptr}};
    return Reply::of_json(body);
}

Reply RunHistory::run_data(const Workspace& workspace, const Request& request) {
    const auto body = request.json_body();
    const auto run = find(workspace, request, text_at(body, "runId"));
    return Reply::of_json(data_of(workspace, run, body, request));
}

// 207 when some runs are missing: each has its own error. Source: Runs_BatchGetRunData.
Reply RunHistory::batch_run_data(const Workspace& workspace, const Request& request) {
    const auto body = request.json_body();
    const auto requests = body.value("requests", json());
    if (!requests.is_object() || requests.size() > most_ids) {
        throw routes_.bad_request(request,
                                  fmt::format("requests must name at most {} runs.", most_ids));
    }
    auto found = json::object();
    auto failed = json::object();
    for (const auto& [key, selection] : requests.items()) {
        if (!selection.is_object())
            throw routes_.bad_request(request, "Each request must be an object.");
        const auto id = text_at(selection, "runId");
        const auto run = context_.runs.find(workspace.id, id);
        if (run) {
            found[key] = data_of(workspace, *run, selection, request);
        } else {
            failed[key] = missing(id, request);
        }
    }
    return Reply::of_json({{"successfulResults", found}, {"failedResults", failed}},
                          failed.empty() ? 200 : 207);
}

Reply RunHistory::by_ids(const Workspace& workspace, const Request& request) {
    const auto body = request.json_body();
    auto runs = json::object();
    auto errors = json::object();
    for (const auto& id : body.value("runIds", json::array())) {
        if (!id.is_string()) throw routes_.bad_request(request, "runIds must be a list of texts.");
        const auto name = id.get<std::string>();
        if (const auto run = context_.runs.find(workspace.id, name)) {
            runs[name] = shown(workspace, *run, request);
        } else {
            errors[name] = missing(name, request);
        }
    }
    return Reply::of_json({{"runs", runs}, {"errors", errors}}, errors.empty() ? 200 : 207);
}

json RunHistory::data_of(const Workspace& workspace,
                         const Run& run,
                         const json& selection,
                         const Request& request) {
    auto data = json::object();
    const auto selected = [&](const char* name) {
        return selection.value(name, json(false)) == json(true);
    };
    const bool nothing = !selected("selectRunMetadata") && !selected("selectRunDefinition") &&
                         !selected("selectJobSpecification");
    if (nothing || selected("selectRunMetadata"))
        data["runMetadata"] = shown(workspace, run, request);
    if (selected("selectRunDefinition")) data["runDefinition"] = run_definition_json(run);
    if (selected("selectJobSpecification"))
        data["jobSpecification"] = run.kind == "job" ? run.job : json();
    return data;
}

}  // namespace aml::emulator
