#include "data/experiment_routes.hpp"

#include "core/text.hpp"
#include "core/time.hpp"
#include "data/filter.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace aml::emulator {

namespace {

constexpr std::size_t longest_name = 256;

json experiment_json(const Experiment& experiment) {
    return {{"experimentId", experiment.id},
            {"name", experiment.name},
            {"description", nullptr},
            {"createdUtc", iso_time(experiment.created)},
            {"tags", experiment.tags},
            {"archivedTime", experiment.archived ? json(iso_time(*experiment.archived)) : json()},
            {"retainForLifetimeOfWorkspace", false},
            {"artifactLocation", nullptr}};
}

std::string experiment_column(std::string_view field) {
    const auto lower = to_lower(field);
    if (lower == "name") return "name";
    if (lower == "experimentid" || lower == "experiment_id") return "id";
    if (lower == "createdutc" || lower == "creation_time" || lower == "last_update_time")
        return "created";
    throw Error(ErrorKind::Rejected,
                fmt::format("Experiments cannot be filtered or ordered by '{}'.", field));
}

Value bind(const std::string& column, const std::string& text) {
    if (column != "created") return text;
    if (const auto time = parse_iso_time(text)) return to_millis(*time);
    return static_cast<std::int64_t>(std::strtoll(text.c_str(), nullptr, 10));
}

std::string view_condition(std::string_view view) {
    if (same_text(view, "All")) return "1";
    if (same_text(view, "ArchivedOnly") || same_text(view, "DELETED_ONLY"))
        return "archived IS NOT NULL";
    return "archived IS NULL";
}

SqlCondition experiment_condition(const Filter& comparison) {
    // MLflow writes `tags.key = 'value'`.
    if (starts_with_text(comparison.field, "tags.") ||
        starts_with_text(comparison.field, "tags/")) {
        auto condition = compare_sql(comparison,
                                     "(SELECT value FROM json_each(tags) WHERE key = ?)",
                                     [](const std::string& text) { return Value(text); });
        condition.values.insert(condition.values.begin(), comparison.field.substr(5));
        return condition;
    }
    const auto column = experiment_column(comparison.field);
    return compare_sql(
        comparison, column, [&](const std::string& text) { return bind(column, text); });
}

}  // namespace

ExperimentPage find_experiments(Context& context,
                                std::string_view workspace_id,
                                const ExperimentQuery& query) {
    SqlCondition where{"workspace_id = ? AND " + view_condition(query.view),
                       {std::string(workspace_id)}};
    const auto language = query.mlflow ? FilterLanguage::MlFlow : FilterLanguage::RunHistory;
    if (const auto filter = parse_filter(query.filter, language)) {
        auto condition = to_sql(*filter, experiment_condition);
        where.sql += " AND (" + condition.sql + ")";
        where.values.insert(where.values.end(), condition.values.begin(), condition.values.end());
    }
    std::string order;
    for (const auto& term : parse_order(query.order)) {
        order += experiment_column(term.field) + (term.descending ? " DESC, " : " ASC, ");
    }
    // Run history keeps no order of its own; MLflow's is by the last change.
    if (query.mlflow) order += "created DESC, ";
    std::vector<std::string> names;
    const auto sql = fmt::format(
        "SELECT name FROM experiments WHERE {} ORDER BY {}id LIMIT ? OFFSET ?", where.sql, order);
    where.values.emplace_back(static_cast<std::int64_t>(query.limit + 1));
    where.values.emplace_back(static_cast<std::int64_t>(query.token.offset));
    context.store.query(sql, where.values, [&](const Row& row) { names.push_back(row.text(0)); });
    ExperimentPage page;
    if (names.size() > query.limit) {
        names.resize(query.limit);
        PageToken next;
        next.offset = query.token.offset + query.limit;
        page.next_token = next.encode();
    }
    for (const auto& name : names) {
        if (auto experiment = context.runs.find_experiment(workspace_id, name)) {
            page.experiments.push_back(std::move(*experiment));
        }
    }
    return page;
}

ExperimentRoutes::ExperimentRoutes(Context& context, Router& router)
    : context_(context),
      routes_(context, router, "history/v1.0", "run-history") {}

void ExperimentRoutes::add_routes() {
    const auto get = [this](const Workspace& workspace, const Request& request) {
        return Reply::of_json(experiment_json(routes_.experiment(workspace, request)));
    };
    const auto patch = [this](const Workspace& workspace, const Request& request) {
        return change(workspace, request);
    };
    routes_.add("GET", "/experiments/{experiment}", get);
    routes_.add("GET", "/experimentids/{experimentId}", get);
    routes_.add("PATCH", "/experimentids/{experimentId}", patch);
    routes_.add("POST",
                "/experiments/{experiment}",
                [this](const Workspace& workspace, const Request& request) {
                    return create(workspace, request);
                });
    routes_.add(
        "POST", "/experiments:query", [this](const Workspace& workspace, const Request& request) {
            return query(workspace, request);
        });
}

Reply ExperimentRoutes::create(const Workspace& workspace, const Request& request) {
    const auto& name = request.param("experiment");
    const bool plain = std::ranges::all_of(name, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ||
               c == '.' || c == ' ';
    });
    if (name.empty() || name.size() > longest_name || !plain) {
        throw routes_.bad_request(
            request,
            "The experiment name may have up to 256 letters, digits, blanks, dashes, dots and "
            "underscores.");
    }
    return Reply::of_json(
        experiment_json(context_.runs.ensure_experiment(workspace.id, name, request.received)));
}

Reply ExperimentRoutes::query(const Workspace& workspace, const Request& request) {
    const auto body = request.json_body();
    ExperimentQuery wanted;
    wanted.view = text_at(body, "viewType");
    wanted.filter = text_at(body, "filter");
    wanted.order = text_at(body, "orderBy");
    wanted.limit = context_.settings.page_size;
    if (const auto top = body.find("top"); top != body.end() && top->is_number_unsigned()) {
        wanted.limit = std::clamp<std::size_t>(top->get<std::size_t>(), 1, wanted.limit);
    }
    wanted.token = PageToken::decode(text_at(body, "continuationToken"));
    ExperimentPage page;
    try {
        page = find_experiments(context_, workspace.id, wanted);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Rejected) throw;
        throw routes_.bad_request(request, error.message());
    }
    json reply{{"value", json::array()}};
    for (const auto& experiment : page.experiments)
        reply["value"].push_back(experiment_json(experiment));
    if (!page.next_token.empty()) {
        reply["continuationToken"] = page.next_token;
        reply["nextLink"] = nullptr;
    }
    return Reply::of_json(reply);
}

Reply ExperimentRoutes::change(const Workspace& workspace, const Request& request) {
    auto experiment = routes_.experiment(workspace, request);
    const auto body = request.json_body();
    if (const auto tags = body.find("tags"); tags != body.end() && tags->is_object())
        experiment.tags.update(*tags);
    if (const auto archive = body.find("archive"); archive != body.end() && archive->is_boolean()) {
        experiment.archived = archive->get<bool>() ? std::optional(request.received) : std::nullopt;
    }
    context_.runs.update_experiment(experiment);
    return Reply::of_json(experiment_json(experiment));
}

}  // namespace aml::emulator
