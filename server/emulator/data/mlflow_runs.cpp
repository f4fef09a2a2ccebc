#include "core/time.hpp"
#include "data/metric_routes.hpp"
#include "data/mlflow.hpp"
#include "data/run_query.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace aml::emulator {

namespace {

constexpr std::int64_t most_results = 1000;

json key_value(std::string_view key, const json& value) {
    return {{"key", key}, {"value", value}};
}

json mlflow_metric_json(const MetricPoint& point) {
    return {{"key", point.name},
            {"value", metric_number(point.value)},
            {"timestamp", std::to_string(to_millis(point.time))},
            {"step", std::to_string(point.step)}};
}

json run_info_json(const Workspace& workspace, const Request& request, const Run& run) {
    json info{{"run_uuid", run.id},
              {"run_id", run.id},
              {"experiment_id", run.experiment_id},
              {"run_name", run.display_name},
              {"user_id", text_at(run.created_by, "userName")},
              {"status", mlflow_status(run.status)},
              {"start_time", std::to_string(to_millis(run.started.value_or(run.created)))},
              {"artifact_uri", mlflow_artifact_uri(workspace, request, run)},
              {"lifecycle_stage", run.archived ? "deleted" : "active"}};
    if (run.ended) info["end_time"] = std::to_string(to_millis(*run.ended));
    return info;
}

json tags_json(const Run& run) {
    auto tags = json::object();
    for (const auto& [name, value] : run.tags.items()) {
        if (value.is_string()) tags[name] = value;
    }
    tags["mlflow.user"] = text_at(run.created_by, "userName");
    tags["mlflow.rootRunId"] = run.root_id;
    tags["mlflow.runName"] = run.display_name;
    if (!run.parent_id.empty()) tags["mlflow.parentRunId"] = run.parent_id;
    auto list = json::array();
    for (const auto& [name, value] : tags.items()) list.push_back(key_value(name, value));
    return list;
}

void set_tag(Run& run, const std::string& key, const std::string& value) {
    if (key == "mlflow.runName") run.display_name = value;
    if (key == "mlflow.note.content") run.description = value;
    run.tags[key] = value;
}

// Parameters are written once; the same value again is a repetition of a request that got lost.
void set_parameter(Run& run, const std::string& key, const std::string& value) {
    const auto known = run.parameters.find(key);
    if (known != run.parameters.end() && *known != value) {
        throw Error(
            ErrorKind::Rejected,
            fmt::format(
                "Changing param values is not allowed. Param with key='{}' was already logged.",
                key));
    }
    run.parameters[key] = value;
}

MetricPoint read_metric(const json& item, Time received) {
    if (!item.is_object()) throw Error(ErrorKind::Rejected, "A metric must be an object.");
    MetricPoint point;
    point.name = text_at(item, "key");
    const auto value = read_metric_number(item.value("value", json()));
    if (point.name.empty() || !value) {
        throw Error(ErrorKind::Rejected,
                    fmt::format("The metric '{}' needs a key and a numeric value.", point.name));
    }
    point.value = *value;
    point.step = mlflow_integer(item, "step").value_or(0);
    const auto time = mlflow_integer(item, "timestamp");
    point.time = time ? from_millis(*time) : received;
    return point;
}

const json& list_of(const json& parameters, std::string_view name) {
    static const auto none = json::array();
    const auto found = parameters.find(name);
    if (found == parameters.end() || found->is_null()) return none;
    if (!found->is_array())
        throw Error(ErrorKind::Rejected, fmt::format("'{}' must be a list.", name));
    return *found;
}

std::string_view status_of(std::string_view mlflow) {
    if (mlflow == "FINISHED") return run_status::completed;
    if (mlflow == "FAILED") return run_status::failed;
    if (mlflow == "KILLED") return run_status::canceled;
    if (mlflow == "SCHEDULED") return run_status::not_started;
    return run_status::running;
}

}  // namespace

std::string mlflow_artifact_uri(const Workspace& workspace,
                                const Request& request,
                                const Run& run) {
    if (request.path.starts_with("/mlflow/local/"))
        return fmt::format("mlflow-artifacts:/ExperimentRun/dcid.{}", run.id);
    return fmt::format("azureml://{}/mlflow/v2.0{}/experiments/{}/runs/{}/artifacts",
                       request.base_url.substr(request.base_url.find("//") + 2),
                       workspace.arm_id(),
                       run.experiment_id,
                       run.id);
}

void MlflowRuns::add_to(MlflowRoutes& routes) {
    routes.add("POST",
               "runs/create",
               [this](const Workspace& workspace, const Request& request, const json& given) {
                   return create(workspace, request, given);
               });
    routes.add(
        "GET",
        "runs/get",
        [this](const Workspace& workspace, const Request& request, const json& given) {
            return Reply::of_json({{"run", run_json(workspace, request, find(workspace, given))}});
        });
    routes.add("POST",
               "runs/search",
               [this](const Workspace& workspace, const Request& request, const json& given) {
                   return search(workspace, request, given);
               });
    routes.add("POST",
               "runs/update",
               [this](const Workspace& workspace, const Request& request, const json& given) {
                   return update(workspace, request, given);
               });
    const auto set_archived = [this](bool archived) {
        return [this, archived](
                   const Workspace& workspace, const Request& request, const json& given) {
            auto run = find(workspace, given);
            run.archived = archived;
            save(run, request);
            return Reply::of_json(json::object());
        };
    };
    routes.add("POST", "runs/delete", set_archived(true));
    routes.add("POST", "runs/restore", set_archived(false));
    add_logging(routes);
    add_histories(routes);
}

void MlflowRuns::add_logging(MlflowRoutes& routes) {
    routes.add("POST",
               "runs/log-metric",
               [this](const Workspace& workspace, const Request& request, const json& given) {
                   metrics_.log(find(workspace, given).sequence,
                                {read_metric(given, request.received)});
                   return Reply::of_json(json::object());
               });
    routes.add("POST",
               "runs/log-batch",
               [this](const Workspace& workspace, const Request& request, const json& given) {
                   return log_batch(workspace, request, given);
               });
    // azureml-mlflow asks later whether a batch is stored, which it is before its answer.
    routes.add_preview(
        "POST",
        "runs/log-batch-async",
        [this](const Workspace& workspace, const Request& request, const json& given) {
            log_batch(workspace, request, given);
            return Reply::of_json({{"batch_tracking_id", context_.random.uuid()}});
        });
    routes.add_preview("GET",
                       "runs/get-run-data-status",
                       [this](const Workspace& workspace, const Request&, const json& given) {
                           find(workspace, given);
                           return Reply::of_json({{"is_complete", true}});
                       });
    routes.add("POST",
               "runs/log-parameter",
               [this](const Workspace& workspace, const Request& request, const json& given) {
                   auto run = find(workspace, given);
                   set_parameter(run, text_at(given, "key"), text_at(given, "value"));
                   save(run, request);
                   return Reply::of_json(json::object());
               });
    routes.add("POST",
               "runs/set-tag",
               [this](const Workspace& workspace, const Request& request, const json& given) {
                   auto run = find(workspace, given);
                   set_tag(run, text_at(given, "key"), text_at(given, "value"));
                   save(run, request);
                   return Reply::of_json(json::object());
               });
    routes.add("POST",
               "runs/delete-tag",
               [this](const Workspace& workspace, const Request& request, const json& given) {
                   auto run = find(workspace, given);
                   run.tags.erase(text_at(given, "key"));
                   save(run, request);
                   return Reply::of_json(json::object());
               });
    // MLflow 3 looks for models beside a run's artifacts. Models of that kind are not kept here, so
    // there are none; to a client that takes this for Azure that is said as Azure says it (404).
    routes.add_local(
        "POST", "logged-models/search", [](const Workspace&, const Request&, const json&) {
            return Reply::of_json({{"models", json::array()}});
        });
    // Descriptions of data sets are accepted and not kept: run history shows none.
    routes.add("POST",
               "runs/log-inputs",
               [this](const Workspace& workspace, const Request&, const json& given) {
                   find(workspace, given);
                   return Reply::of_json(json::object());
               });
    routes.add("POST",
               "runs/log-model",
               [this](const Workspace& workspace, const Request& request, const json& given) {
                   auto run = find(workspace, given);
                   const auto history =
                       json::parse(text_at(run.tags, "mlflow.log-model.history"), nullptr, false);
                   auto models = history.is_array() ? history : json::array();
                   const auto model = json::parse(text_at(given, "model_json"), nullptr, false);
                   if (!model.is_object())
                       throw Error(ErrorKind::Rejected, "model_json must be a JSON object.");
                   models.push_back(model);
                   run.tags["mlflow.log-model.history"] = models.dump();
                   save(run, request);
                   return Reply::of_json(json::object());
               });
}

void MlflowRuns::add_histories(MlflowRoutes& routes) {
    routes.add("GET",
               "metrics/get-history",
               [this](const Workspace& workspace, const Request&, const json& given) {
                   return history(workspace, given);
               });
    const auto bulk = [this](const Workspace& workspace, const Request& request, const json&) {
        return histories(workspace, request);
    };
    routes.add("GET", "metrics/get-history-bulk", bulk);
    routes.add("GET", "metrics/get-history-bulk-interval", bulk);
}

Run MlflowRuns::find(const Workspace& workspace, const json& parameters) {
    auto id = text_at(parameters, "run_id");
    if (id.empty()) id = text_at(parameters, "run_uuid");
    auto run = context_.runs.find(workspace.id, id);
    if (!run)
        throw mlflow_error(
            404, "RESOURCE_DOES_NOT_EXIST", fmt::format("Run with id={} not found", id));
    return std::move(*run);
}

json MlflowRuns::run_json(const Workspace& workspace, const Request& request, const Run& run) {
    auto metrics = json::array();
    for (const auto& point : metrics_.last_values(run.sequence)) {
        if (point.data.is_null()) metrics.push_back(mlflow_metric_json(point));
    }
    auto parameters = json::array();
    for (const auto& [name, value] : run.parameters.items())
        parameters.push_back(key_value(name, value));
    return {{"info", run_info_json(workspace, request, run)},
            {"data", {{"metrics", metrics}, {"params", parameters}, {"tags", tags_json(run)}}},
            {"inputs", json::object()}};
}

Reply MlflowRuns::create(const Workspace& workspace,
                         const Request& request,
                         const json& parameters) {
    const auto experiment = experiments_.find(workspace, text_at(parameters, "experiment_id"));
    Run run;
    run.workspace_id = workspace.id;
    run.id = context_.random.uuid();
    run.uuid = run.id;
    run.experiment_id = experiment.id;
    run.kind = "mlflow";
    run.status = run_status::running;
    run.display_name = text_at(parameters, "run_name");
    for (const auto& tag : list_of(parameters, "tags")) {
        set_tag(run, text_at(tag, "key"), text_at(tag, "value"));
    }
    if (run.display_name.empty()) run.display_name = "run_" + run.id.substr(0, 8);
    run.parent_id = text_at(run.tags, "mlflow.parentRunId");
    const auto parent =
        run.parent_id.empty() ? std::nullopt : context_.runs.find(workspace.id, run.parent_id);
    if (parent) run.root_id = parent->root_id;
    const auto start = mlflow_integer(parameters, "start_time");
    run.created = start && *start > 0 ? from_millis(*start) : request.received;
    run.started = run.created;
    run.created_by = {{"userObjectId", request.caller.object_id},
                      {"userPuId", nullptr},
                      {"userIdp", nullptr},
                      {"userAltSecId", nullptr},
                      {"userTenantId", request.caller.tenant},
                      {"userName", request.caller.name},
                      {"upn", nullptr}};
    context_.runs.insert(run);
    return Reply::of_json({{"run", run_json(workspace, request, run)}});
}

Reply MlflowRuns::search(const Workspace& workspace,
                         const Request& request,
                         const json& parameters) {
    RunQuery query;
    query.language = FilterLanguage::MlFlow;
    query.filter = text_at(parameters, "filter");
    for (const auto& term : list_of(parameters, "order_by")) {
        if (term.is_string())
            query.order += (query.order.empty() ? "" : ",") + term.get<std::string>();
    }
    SqlCondition experiments{"0", {}};
    for (const auto& id : list_of(parameters, "experiment_ids")) {
        if (!id.is_string())
            throw Error(ErrorKind::Rejected, "'experiment_ids' must be a list of texts.");
        experiments.sql += " OR experiment_id = ?";
        experiments.values.emplace_back(id == "0" ? experiments_.find(workspace, "0").id
                                                  : id.get<std::string>());
    }
    query.conditions.push_back(std::move(experiments));
    const auto view = text_at(parameters, "run_view_type");
    if (view == "DELETED_ONLY") query.conditions.push_back({"archived = 1", {}});
    if (view.empty() || view == "ACTIVE_ONLY") query.conditions.push_back({"archived = 0", {}});
    const auto most = std::min<std::int64_t>(
        most_results, static_cast<std::int64_t>(context_.settings.page_size) * 20);
    const auto wanted = mlflow_integer(parameters, "max_results").value_or(most);
    query.limit = static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 1, most));
    query.token = PageToken::decode(text_at(parameters, "page_token"));
    const auto page = find_runs(context_, workspace.id, query);
    json reply{{"runs", json::array()}};
    for (const auto& run : page.runs) reply["runs"].push_back(run_json(workspace, request, run));
    if (!page.next_token.empty()) reply["next_page_token"] = page.next_token;
    return Reply::of_json(reply);
}

// A job's own code says "finished" before its scheduler does: the status of a job is not the
// client's to set.
Reply MlflowRuns::update(const Workspace& workspace,
                         const Request& request,
                         const json& parameters) {
    auto run = find(workspace, parameters);
    const auto name = text_at(parameters, "run_name");
    if (!name.empty()) set_tag(run, "mlflow.runName", name);
    const auto status = text_at(parameters, "status");
    if (run.kind != "job" && !status.empty()) {
        run.status = status_of(status);
        const auto end = mlflow_integer(parameters, "end_time");
        if (is_final(run.status)) run.ended = end ? from_millis(*end) : request.received;
        if (!is_final(run.status)) run.ended.reset();
    }
    save(run, request);
    return Reply::of_json({{"run_info", run_info_json(workspace, request, run)}});
}

// Source: MLflow REST API, "Log Batch": at most 1 000 metrics, 100 parameters, 100 tags.
Reply MlflowRuns::log_batch(const Workspace& workspace,
                            const Request& request,
                            const json& parameters) {
    auto run = find(workspace, parameters);
    const auto& metrics = list_of(parameters, "metrics");
    const auto& params = list_of(parameters, "params");
    const auto& tags = list_of(parameters, "tags");
    if (metrics.size() > 1000 || params.size() > 100 || tags.size() > 100 ||
        metrics.size() + params.size() + tags.size() > 1000) {
        throw Error(ErrorKind::Rejected,
                    "A batch may hold at most 1000 metrics, 100 params and 100 tags, and 1000 of "
                    "them together.");
    }
    std::vector<MetricPoint> points;
    for (const auto& metric : metrics) points.push_back(read_metric(metric, request.received));
    for (const auto& item : params)
        set_parameter(run, text_at(item, "key"), text_at(item, "value"));
    for (const auto& item : tags) set_tag(run, text_at(item, "key"), text_at(item, "value"));
    Transaction transaction(context_.store);
    metrics_.log(run.sequence, points);
    if (!params.empty() || !tags.empty()) save(run, request);
    transaction.commit();
    return Reply::of_json(json::object());
}

Reply MlflowRuns::history(const Workspace& workspace, const json& parameters) {
    const auto run = find(workspace, parameters);
    const auto wanted = mlflow_integer(parameters, "max_results").value_or(25'000);
    const auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 1, 25'000));
    const auto after = mlflow_integer(parameters, "page_token").value_or(0);
    const auto points =
        metrics_.points(run.sequence, text_at(parameters, "metric_key"), after, limit);
    json reply{{"metrics", json::array()}};
    for (const auto& point : points) {
        if (point.data.is_null()) reply["metrics"].push_back(mlflow_metric_json(point));
    }
    if (points.size() == limit) reply["next_page_token"] = std::to_string(points.back().sequence);
    return Reply::of_json(reply);
}

Reply MlflowRuns::histories(const Workspace& workspace, const Request& request) {
    const auto& key = request.query.get("metric_key");
    json reply{{"metrics", json::array()}};
    for (const auto& [name, value] : request.query.items()) {
        if (name != "run_id" && name != "run_ids") continue;
        const auto run = find(workspace, {{"run_id", value}});
        for (const auto& point : metrics_.sample(run.sequence, key, most_results)) {
            if (!point.data.is_null()) continue;
            auto metric = mlflow_metric_json(point);
            metric["run_id"] = run.id;
            reply["metrics"].push_back(std::move(metric));
        }
    }
    return Reply::of_json(reply);
}

void MlflowRuns::save(Run& run, const Request& request) {
    context_.runs.update(run, request.received);
}

}  // namespace aml::emulator
