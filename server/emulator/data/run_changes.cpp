#include "data/run_history.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::emulator {

namespace {

constexpr std::size_t most_runs = 1000;

// Adds the texts of a JSON object to another; null values are left out.
void merge_texts(json& target, const json& body, std::string_view member) {
    const auto found = body.find(member);
    if (found == body.end() || !found->is_object()) return;
    for (const auto& [name, value] : found->items()) {
        if (value.is_string()) target[name] = value;
    }
}

void set_text(std::string& target, const json& body, std::string_view member) {
    const auto found = body.find(member);
    if (found != body.end() && found->is_string()) target = found->get<std::string>();
}

// Which status an event of the v1 SDK brings a run to that no scheduler owns.
std::string_view status_after(std::string_view event) {
    if (event == "Microsoft.MachineLearning.Run.Start") return run_status::running;
    if (event == "Microsoft.MachineLearning.Run.Completed") return run_status::completed;
    if (event == "Microsoft.MachineLearning.Run.Failed") return run_status::failed;
    if (event == "Microsoft.MachineLearning.Run.Canceled") return run_status::canceled;
    return {};
}

void set_status(Run& run, std::string_view status, Time now) {
    run.status = status;
    if (status == run_status::running && !run.started) run.started = now;
    if (is_final(status) && !run.ended) run.ended = now;
}

}  // namespace

void RunHistory::add_changes() {
    const auto patch = [this](const Workspace& workspace, const Request& request) {
        const auto run =
            add_or_change(workspace, request, request.param("run"), request.json_body());
        return Reply::of_json(shown(workspace, run, request));
    };
    const auto patch_many = [this](const Workspace& workspace, const Request& request) {
        return add_or_change_many(workspace, request);
    };
    const auto post_events = [this](const Workspace& workspace, const Request& request) {
        return events(workspace, request);
    };
    for (const char* form : {"", "/experiments/{experiment}", "/experimentids/{experimentId}"}) {
        routes_.add("PATCH", fmt::format("{}/runs/{{run}}", form), patch);
        routes_.add("POST", fmt::format("{}/batch/events", form), post_events);
    }
    for (const char* form : {"/experiments/{experiment}", "/experimentids/{experimentId}"})
        routes_.add("PATCH", fmt::format("{}/batch/runs", form), patch_many);
    routes_.add("POST", "/runs/{run}", patch);
    add_run("POST",
            "/cancel",
            [this](const Workspace& workspace, const Run& run, const Request& request) {
                return cancel(workspace, run, request);
            });
    add_run("DELETE",
            "/tags",
            [this](const Workspace& workspace, const Run& run, const Request& request) {
                return delete_tags(workspace, run, request);
            });
    add_run("POST", "/events", [this](const Workspace&, const Run& run, const Request& request) {
        apply_event(run, request.json_body(), request.received);
        return Reply::empty(200);
    });
}

// A run that is not there is made, as the v1 SDK does for interactive runs and for children.
Run RunHistory::add_or_change(const Workspace& workspace,
                              const Request& request,
                              std::string_view id,
                              const json& body) {
    if (auto run = context_.runs.find(workspace.id, id))
        return change(std::move(*run), body, request.received);
    const bool named =
        !request.param("experiment").empty() || !request.param("experimentId").empty();
    if (request.method == "PATCH" && !named) {
        throw routes_.not_found(request, fmt::format("Run {} was not found.", id));
    }
    Run run;
    run.workspace_id = workspace.id;
    run.id = id;
    run.uuid = context_.random.uuid();
    run.kind = "mlflow";
    run.experiment_id =
        named ? routes_.experiment(workspace, request).id : text_at(body, "experimentId");
    if (run.experiment_id.empty()) {
        run.experiment_id =
            context_.runs.ensure_experiment(workspace.id, "Default", request.received).id;
    }
    run.parent_id = text_at(body, "parentRunId");
    const auto parent =
        run.parent_id.empty() ? std::nullopt : context_.runs.find(workspace.id, run.parent_id);
    if (parent) run.root_id = parent->root_id;
    run.created = request.received;
    run.created_by = {{"userObjectId", request.caller.object_id},
                      {"userTenantId", request.caller.tenant},
                      {"userName", request.caller.name}};
    context_.runs.insert(run);
    return change(std::move(run), body, request.received);
}

Run RunHistory::change(Run run, const json& body, Time now) {
    set_text(run.display_name, body, "name");
    set_text(run.display_name, body, "displayName");
    set_text(run.description, body, "description");
    merge_texts(run.tags, body, "tags");
    merge_texts(run.properties, body, "properties");
    if (body.contains("hidden") && body["hidden"].is_boolean())
        run.archived = body["hidden"].get<bool>();
    // The status of a job is its scheduler's alone.
    const auto status = text_at(body, "status");
    if (run.kind != "job" && !status.empty()) set_status(run, status, now);
    context_.runs.update(run, now);
    return run;
}

// All of them or none: a run without an id refuses the batch.
Reply RunHistory::add_or_change_many(const Workspace& workspace, const Request& request) {
    const auto body = request.json_body();
    const auto wanted = body.value("runs", json());
    if (!wanted.is_array() || wanted.size() > most_runs) {
        throw routes_.bad_request(request,
                                  fmt::format("runs must be a list of at most {}.", most_runs));
    }
    auto runs = json::object();
    Transaction transaction(context_.store);
    for (const auto& one : wanted) {
        const auto id = one.is_object() ? text_at(one, "runId") : "";
        if (id.empty()) throw routes_.bad_request(request, "Every run needs a 'runId'.");
        runs[id] = shown(workspace, add_or_change(workspace, request, id, one), request);
    }
    transaction.commit();
    return Reply::of_json({{"runs", runs}, {"errors", json::object()}});
}

Reply RunHistory::cancel(const Workspace& workspace, const Run& run, const Request& request) {
    if (run.kind == "job") {
        scheduler_.cancel_requested(workspace.id, run.id);
    } else if (!is_final(run.status)) {
        auto cancelled = run;
        set_status(cancelled, run_status::canceled, request.received);
        context_.runs.update(cancelled, request.received);
    }
    return Reply::of_json(shown(workspace, find(workspace, request, run.id), request));
}

Reply RunHistory::delete_tags(const Workspace& workspace, Run run, const Request& request) {
    const auto names = json::parse(request.body, nullptr, false);
    if (!names.is_array())
        throw routes_.bad_request(request, "The body must be a list of tag names.");
    for (const auto& name : names) {
        if (name.is_string()) run.tags.erase(name.get<std::string>());
    }
    context_.runs.update(run, request.received);
    return Reply::of_json(shown(workspace, run, request));
}

void RunHistory::apply_event(Run run, const json& event, Time now) {
    const auto name = text_at(event, "name");
    const auto data = event.value("data", json());
    const auto status = status_after(name);
    if (name == "Microsoft.MachineLearning.Run.Warning" && data.is_object()) {
        run.warnings.push_back(
            {{"source", text_at(data, "source")}, {"message", text_at(data, "message")}});
    } else if (!status.empty() && run.kind != "job") {
        set_status(run, status, now);
    } else {
        return;
    }
    context_.runs.update(run, now);
}

// Each event says in its data which run it is about.
Reply RunHistory::events(const Workspace& workspace, const Request& request) {
    const auto body = request.json_body();
    const auto sent = body.value("events", json());
    if (!sent.is_array()) throw routes_.bad_request(request, "events must be a list.");
    auto errors = json::array();
    auto successes = json::array();
    for (const auto& event : sent) {
        const auto data = event.is_object() ? event.value("data", json()) : json();
        const auto id = data.is_object() ? text_at(data, "RunId") : "";
        if (const auto run = context_.runs.find(workspace.id, id)) {
            apply_event(*run, event, request.received);
            successes.push_back(run->id);
        } else {
            errors.push_back({{"key", event}, {"value", missing(id, request)}});
        }
    }
    return Reply::of_json({{"errors", errors}, {"successes", successes}});
}

}  // namespace aml::emulator
