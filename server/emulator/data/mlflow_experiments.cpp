#include "core/time.hpp"
#include "data/experiment_routes.hpp"
#include "data/mlflow.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::emulator {

namespace {

constexpr std::size_t most_experiments = 1000;

json mlflow_experiment_json(const Experiment& experiment) {
    auto tags = json::array();
    for (const auto& [name, value] : experiment.tags.items())
        tags.push_back({{"key", name}, {"value", value}});
    const auto created = std::to_string(to_millis(experiment.created));
    return {{"experiment_id", experiment.id},
            {"name", experiment.name},
            {"artifact_location", "mlflow-artifacts:/" + experiment.id},
            {"lifecycle_stage", experiment.archived ? "deleted" : "active"},
            {"last_update_time", created},
            {"creation_time", created},
            {"tags", tags}};
}

}  // namespace

void MlflowExperiments::add_to(MlflowRoutes& routes) {
    const auto search_any =
        [this](const Workspace& workspace, const Request&, const json& parameters) {
            return search(workspace, parameters);
        };
    const auto set_archived = [this](bool archived) {
        return [this, archived](
                   const Workspace& workspace, const Request& request, const json& parameters) {
            auto experiment = find(workspace, text_at(parameters, "experiment_id"));
            experiment.archived = archived ? std::optional(request.received) : std::nullopt;
            context_.runs.update_experiment(experiment);
            return Reply::of_json(json::object());
        };
    };
    routes.add("POST", "experiments/search", search_any);
    routes.add("GET", "experiments/search", search_any);
    routes.add("GET", "experiments/list", search_any);
    routes.add("POST", "experiments/delete", set_archived(true));
    routes.add("POST", "experiments/restore", set_archived(false));
    routes.add("POST",
               "experiments/create",
               [this](const Workspace& workspace, const Request&, const json& parameters) {
                   return create(workspace, parameters);
               });
    routes.add("GET",
               "experiments/get",
               [this](const Workspace& workspace, const Request&, const json& parameters) {
                   const auto experiment = find(workspace, text_at(parameters, "experiment_id"));
                   return Reply::of_json({{"experiment", mlflow_experiment_json(experiment)}});
               });
    routes.add("GET",
               "experiments/get-by-name",
               [this](const Workspace& workspace, const Request&, const json& parameters) {
                   const auto name = text_at(parameters, "experiment_name");
                   const auto experiment = context_.runs.find_experiment(workspace.id, name);
                   if (!experiment) {
                       throw mlflow_error(
                           404,
                           "RESOURCE_DOES_NOT_EXIST",
                           fmt::format("Could not find experiment with name '{}'.", name));
                   }
                   return Reply::of_json({{"experiment", mlflow_experiment_json(*experiment)}});
               });
    routes.add("POST",
               "experiments/set-experiment-tag",
               [this](const Workspace& workspace, const Request&, const json& parameters) {
                   auto experiment = find(workspace, text_at(parameters, "experiment_id"));
                   experiment.tags[text_at(parameters, "key")] = text_at(parameters, "value");
                   context_.runs.update_experiment(experiment);
                   return Reply::of_json(json::object());
               });
}

Experiment MlflowExperiments::find(const Workspace& workspace, std::string_view id) {
    if (id.empty() || id == "0") {
        return context_.runs.ensure_experiment(workspace.id, "Default", context_.clock.now());
    }
    auto experiment = context_.runs.find_experiment_by_id(workspace.id, id);
    if (!experiment) {
        throw mlflow_error(
            404, "RESOURCE_DOES_NOT_EXIST", fmt::format("No experiment with id {} exists.", id));
    }
    return std::move(*experiment);
}

Reply MlflowExperiments::create(const Workspace& workspace, const json& parameters) {
    const auto name = text_at(parameters, "name");
    if (name.empty())
        throw mlflow_error(400, "INVALID_PARAMETER_VALUE", "The experiment needs a name.");
    if (context_.runs.find_experiment(workspace.id, name)) {
        throw mlflow_error(
            400, "RESOURCE_ALREADY_EXISTS", fmt::format("Experiment '{}' already exists.", name));
    }
    auto experiment = context_.runs.ensure_experiment(workspace.id, name, context_.clock.now());
    for (const auto& tag : parameters.value("tags", json::array())) {
        if (tag.is_object()) experiment.tags[text_at(tag, "key")] = text_at(tag, "value");
    }
    if (!experiment.tags.empty()) context_.runs.update_experiment(experiment);
    return Reply::of_json({{"experiment_id", experiment.id}});
}

Reply MlflowExperiments::search(const Workspace& workspace, const json& parameters) {
    ExperimentQuery query;
    query.mlflow = true;
    query.view = text_at(parameters, "view_type");
    query.filter = text_at(parameters, "filter");
    for (const auto& term : parameters.value("order_by", json::array())) {
        if (term.is_string())
            query.order += (query.order.empty() ? "" : ",") + term.get<std::string>();
    }
    const auto wanted = mlflow_integer(parameters, "max_results").value_or(most_experiments);
    query.limit = static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 1, most_experiments));
    query.token = PageToken::decode(text_at(parameters, "page_token"));
    const auto page = find_experiments(context_, workspace.id, query);
    json reply{{"experiments", json::array()}};
    for (const auto& experiment : page.experiments)
        reply["experiments"].push_back(mlflow_experiment_json(experiment));
    if (!page.next_token.empty()) reply["next_page_token"] = page.next_token;
    return Reply::of_json(reply);
}

}  // namespace aml::emulator
