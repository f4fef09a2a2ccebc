#include "core/artifact_uri.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "data/filter.hpp"
#include "data/mlflow.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aml::emulator {

namespace {

constexpr std::string_view run_paths = "/workspaceartifactstore/paths/";
constexpr std::string_view run_container = "ExperimentRun/dcid.";
constexpr std::array<std::string_view, 4> stages{"None", "Staging", "Production", "Archived"};

json tag_list(const json& tags) {
    auto list = json::array();
    for (const auto& [name, value] : tags.items())
        list.push_back({{"key", name}, {"value", value}});
    return list;
}

void read_tags(const json& given, json& tags) {
    const auto sent = given.value("tags", json::array());
    if (!sent.is_array()) throw Error(ErrorKind::Rejected, "'tags' must be a list.");
    for (const auto& tag : sent) {
        const auto key = text_at(tag, "key");
        if (key.empty()) throw Error(ErrorKind::Rejected, "Every tag needs a key.");
        tags[key] = text_at(tag, "value");
    }
}

std::string milliseconds(const Resource& resource, std::string_view name) {
    const auto time = parse_iso_time(text_at(resource.system_data, name));
    return std::to_string(time ? to_millis(*time) : 0);
}

// What both have: MLflow's names for ARM's properties.
json common_json(const Resource& resource) {
    const auto& properties = resource.body["properties"];
    return {{"name", resource.name},
            {"creation_timestamp", milliseconds(resource, "createdAt")},
            {"last_updated_timestamp", milliseconds(resource, "lastModifiedAt")},
            {"user_id", text_at(resource.system_data, "createdBy")},
            {"description", text_at(properties, "description")},
            {"tags", tag_list(properties.value("tags", json::object()))}};
}

std::string stage_of(const Resource& version) {
    const auto stage = text_at(version.body["properties"], "stage");
    return stage.empty() ? "None" : stage;
}

bool is_like(std::string_view text, std::string pattern) {
    const bool open_start = pattern.starts_with('%');
    if (open_start) pattern.erase(0, 1);
    const bool open_end = pattern.ends_with('%');
    if (open_end) pattern.pop_back();
    if (open_start && open_end) return text.find(pattern) != std::string_view::npos;
    if (open_start) return text.ends_with(pattern);
    return open_end ? text.starts_with(pattern) : text == pattern;
}

// Whether a model or version is what the filter asks for.
bool is_wanted_model(const Resource& resource, const Filter& filter) {
    const auto holds = [&](const Filter& operand) { return is_wanted_model(resource, operand); };
    if (filter.kind == Filter::Kind::And) return std::ranges::all_of(filter.operands, holds);
    if (filter.kind == Filter::Kind::Or) return std::ranges::any_of(filter.operands, holds);
    const auto& properties = resource.body["properties"];
    std::string actual;
    if (filter.field == "name") {
        actual = resource.name;
    } else if (filter.field == "run_id") {
        actual = text_at(properties, "jobName");
    } else if (filter.field == "version_number") {
        actual = resource.version;
    } else if (starts_with_text(filter.field, "tag.") || starts_with_text(filter.field, "tags.")) {
        const auto name = filter.field.substr(filter.field.find('.') + 1);
        actual = text_at(properties.value("tags", json::object()), name);
    } else {
        throw Error(ErrorKind::Rejected,
                    fmt::format("Models cannot be filtered by '{}'.", filter.field));
    }
    const auto equal = [&](const std::optional<std::string>& value) { return value == actual; };
    const auto wanted = filter.values.empty() ? "" : filter.values.front().value_or("");
    switch (filter.comparison) {
        case Comparison::Equal:
        case Comparison::In:
            return std::ranges::any_of(filter.values, equal);
        case Comparison::NotEqual:
        case Comparison::NotIn:
            return std::ranges::none_of(filter.values, equal);
        case Comparison::Like:
            return is_like(actual, wanted);
        case Comparison::ILike:
            return is_like(to_lower(actual), to_lower(wanted));
        default:
            throw Error(ErrorKind::Rejected, "Models are compared by =, !=, IN, LIKE and ILIKE.");
    }
}

// A page of what is wanted of `all`.
json page_of(const std::vector<Resource>& all,
             const json& given,
             const char* member,
             const std::function<json(const Resource&)>& describe) {
    const auto filter = parse_filter(text_at(given, "filter"), FilterLanguage::MlFlow);
    const auto wanted = mlflow_integer(given, "max_results").value_or(100);
    const auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 1, 1000));
    const auto skipped = std::max<std::int64_t>(0, mlflow_integer(given, "page_token").value_or(0));
    json reply{{member, json::array()}};
    std::int64_t position = 0;
    for (const auto& one : all) {
        if (filter && !is_wanted_model(one, *filter)) continue;
        if (position++ < skipped) continue;
        if (reply[member].size() == limit) {
            reply["next_page_token"] = std::to_string(position - 1);
            break;
        }
        reply[member].push_back(describe(one));
    }
    return reply;
}

}  // namespace

void MlflowModels::add_to(MlflowRoutes& routes) {
    add_models(routes);
    add_versions(routes);
    // Azure knows nothing of the models of MLflow 3, and says it without a body
    // (azure-sdk-for-python#44896).
    routes.add_missing("logged-models");
    routes.add_missing("logged-models/{path*}");
}

void MlflowModels::add_models(MlflowRoutes& routes) {
    const auto add = [&](const char* method, const char* path, auto member) {
        routes.add(
            method,
            std::string("registered-models/") + path,
            [this, member](const Workspace& workspace, const Request& request, const json& given) {
                return (this->*member)(workspace, request, given);
            });
    };
    add("POST", "create", &MlflowModels::create);
    add("GET", "get", &MlflowModels::get);
    add("PATCH", "update", &MlflowModels::update);
    add("DELETE", "delete", &MlflowModels::remove);
    add("GET", "search", &MlflowModels::search);
    add("POST", "search", &MlflowModels::search);
    add("GET", "get-latest-versions", &MlflowModels::latest_versions);
    add("POST", "get-latest-versions", &MlflowModels::latest_versions);
    add("POST", "set-tag", &MlflowModels::set_tag);
    add("DELETE", "delete-tag", &MlflowModels::delete_tag);
}

void MlflowModels::add_versions(MlflowRoutes& routes) {
    const auto add = [&](const char* method, const char* path, auto member) {
        routes.add(
            method,
            std::string("model-versions/") + path,
            [this, member](const Workspace& workspace, const Request& request, const json& given) {
                return (this->*member)(workspace, request, given);
            });
    };
    add("POST", "create", &MlflowModels::create_version);
    add("GET", "get", &MlflowModels::get_version);
    add("PATCH", "update", &MlflowModels::update_version);
    add("DELETE", "delete", &MlflowModels::remove_version);
    add("GET", "search", &MlflowModels::search_versions);
    add("POST", "search", &MlflowModels::search_versions);
    add("GET", "get-download-uri", &MlflowModels::download_uri);
    add("POST", "transition-stage", &MlflowModels::set_stage);
    add("POST", "set-tag", &MlflowModels::set_tag);
    add("DELETE", "delete-tag", &MlflowModels::delete_tag);
}

Resource MlflowModels::require(const Workspace& workspace, const json& given) {
    const auto name = text_at(given, "name");
    auto found = models_.find(workspace, name);
    if (!found)
        throw mlflow_error(404,
                           "RESOURCE_DOES_NOT_EXIST",
                           fmt::format("Registered Model with name={} not found", name));
    return std::move(*found);
}

Resource MlflowModels::require_version(const Workspace& workspace, const json& given) {
    const auto name = text_at(given, "name");
    const auto number = mlflow_integer(given, "version");
    const auto version = number ? std::to_string(*number) : text_at(given, "version");
    auto found = models_.find_version(workspace, name, version);
    if (!found)
        throw mlflow_error(
            404,
            "RESOURCE_DOES_NOT_EXIST",
            fmt::format("Model Version (name={}, version={}) not found", name, version));
    return std::move(*found);
}

Resource MlflowModels::require_either(const Workspace& workspace, const json& given) {
    return given.contains("version") ? require_version(workspace, given)
                                     : require(workspace, given);
}

json MlflowModels::version_json(const Workspace& workspace,
                                const Request& request,
                                const Resource& version) {
    const auto& properties = version.body["properties"];
    auto shown = common_json(version);
    shown["version"] = version.version;
    shown["current_stage"] = stage_of(version);
    shown["source"] = source_of(workspace, request, text_at(properties, "modelUri"));
    shown["run_id"] = text_at(properties, "jobName");
    shown["status"] = "READY";
    return shown;
}

json MlflowModels::model_json(const Workspace& workspace,
                              const Request& request,
                              const Resource& model) {
    auto shown = common_json(model);
    auto latest = json::array();
    std::vector<std::string> seen;
    for (const auto& version : models_.versions(workspace, model.name)) {
        const auto stage = stage_of(version);
        if (std::ranges::find(seen, stage) != seen.end()) continue;
        seen.push_back(stage);
        latest.push_back(version_json(workspace, request, version));
    }
    shown["latest_versions"] = std::move(latest);
    return shown;
}

// MLflow names a run's files by the run's artifact address, ARM by where they lie.
std::string MlflowModels::source_of(const Workspace& workspace,
                                    const Request& request,
                                    const std::string& uri) {
    const auto start = uri.find(run_paths);
    if (start == std::string::npos) return uri;
    const auto rest = uri.substr(start + run_paths.size());
    const auto slash = rest.find('/', run_container.size());
    if (!rest.starts_with(run_container) || slash == std::string::npos) return uri;
    const auto id = rest.substr(run_container.size(), slash - run_container.size());
    const auto run = context_.runs.find(workspace.id, id);
    if (!run) return uri;
    return mlflow_artifact_uri(workspace, request, *run) + rest.substr(slash);
}

std::string MlflowModels::uri_of(const Workspace& workspace, const std::string& source) {
    constexpr std::string_view local = "mlflow-artifacts:/ExperimentRun/dcid.";
    constexpr std::string_view mark = "/artifacts/";
    std::string id;
    std::string path;
    if (source.starts_with(local)) {
        const auto slash = source.find('/', local.size());
        if (slash != std::string::npos) {
            id = source.substr(local.size(), slash - local.size());
            path = source.substr(slash + 1);
        }
    } else if (const auto runs = source.find("/runs/"); runs != std::string::npos) {
        const auto end = source.find(mark, runs);
        if (end != std::string::npos) {
            id = source.substr(runs + 6, end - runs - 6);
            path = source.substr(end + mark.size());
        }
    }
    const auto run = id.empty() ? std::nullopt : context_.runs.find(workspace.id, id);
    return run ? run_artifact_uri(workspace, run->id, path) : source;
}

Reply MlflowModels::create(const Workspace& workspace, const Request& request, const json& given) {
    const auto name = text_at(given, "name");
    if (name.empty()) throw Error(ErrorKind::Rejected, "A registered model needs a name.");
    auto tags = json::object();
    read_tags(given, tags);
    auto [model, is_new] = models_.ensure(workspace, request, name);
    if (!is_new)
        throw mlflow_error(400,
                           "RESOURCE_ALREADY_EXISTS",
                           fmt::format("Registered Model (name={}) already exists.", name));
    model.body["properties"]["tags"] = std::move(tags);
    model.body["properties"]["description"] = text_at(given, "description");
    models_.save(request, model);
    return Reply::of_json({{"registered_model", model_json(workspace, request, model)}});
}

Reply MlflowModels::get(const Workspace& workspace, const Request& request, const json& given) {
    const auto model = require(workspace, given);
    return Reply::of_json({{"registered_model", model_json(workspace, request, model)}});
}

Reply MlflowModels::update(const Workspace& workspace, const Request& request, const json& given) {
    auto model = require(workspace, given);
    model.body["properties"]["description"] = text_at(given, "description");
    models_.save(request, model);
    return Reply::of_json({{"registered_model", model_json(workspace, request, model)}});
}

Reply MlflowModels::remove(const Workspace& workspace, const Request&, const json& given) {
    models_.remove(workspace, require(workspace, given).name);
    return Reply::of_json(json::object());
}

Reply MlflowModels::search(const Workspace& workspace, const Request& request, const json& given) {
    return Reply::of_json(
        page_of(models_.models(workspace), given, "registered_models", [&](const Resource& model) {
            return model_json(workspace, request, model);
        }));
}

Reply MlflowModels::latest_versions(const Workspace& workspace,
                                    const Request& request,
                                    const json& given) {
    const auto model = require(workspace, given);
    const auto wanted = given.value("stages", json::array());
    const auto shown = model_json(workspace, request, model);
    auto versions = json::array();
    for (const auto& version : shown["latest_versions"]) {
        const auto& stage = version["current_stage"];
        const bool listed =
            wanted.is_array() ? std::ranges::find(wanted, stage) != wanted.end() : wanted == stage;
        if (wanted.empty() || listed) versions.push_back(version);
    }
    return Reply::of_json({{"model_versions", std::move(versions)}});
}

Reply MlflowModels::create_version(const Workspace& workspace,
                                   const Request& request,
                                   const json& given) {
    NewModelVersion added;
    added.name = require(workspace, given).name;
    added.uri = uri_of(workspace, text_at(given, "source"));
    if (added.uri.empty()) throw Error(ErrorKind::Rejected, "A model version needs a source.");
    added.type = "mlflow_model";
    added.run_id = text_at(given, "run_id");
    added.description = text_at(given, "description");
    read_tags(given, added.tags);
    const auto version = models_.add(workspace, request, added);
    return Reply::of_json({{"model_version", version_json(workspace, request, version)}});
}

Reply MlflowModels::get_version(const Workspace& workspace,
                                const Request& request,
                                const json& given) {
    const auto version = require_version(workspace, given);
    return Reply::of_json({{"model_version", version_json(workspace, request, version)}});
}

Reply MlflowModels::update_version(const Workspace& workspace,
                                   const Request& request,
                                   const json& given) {
    auto version = require_version(workspace, given);
    version.body["properties"]["description"] = text_at(given, "description");
    models_.save(request, version);
    return Reply::of_json({{"model_version", version_json(workspace, request, version)}});
}

Reply MlflowModels::remove_version(const Workspace& workspace,
                                   const Request& request,
                                   const json& given) {
    models_.remove_version(workspace, request, require_version(workspace, given));
    return Reply::of_json(json::object());
}

Reply MlflowModels::search_versions(const Workspace& workspace,
                                    const Request& request,
                                    const json& given) {
    return Reply::of_json(page_of(
        models_.versions(workspace, ""), given, "model_versions", [&](const Resource& version) {
            return version_json(workspace, request, version);
        }));
}

Reply MlflowModels::download_uri(const Workspace& workspace,
                                 const Request& request,
                                 const json& given) {
    const auto version = require_version(workspace, given);
    const auto uri = text_at(version.body["properties"], "modelUri");
    return Reply::of_json({{"artifact_uri", source_of(workspace, request, uri)}});
}

Reply MlflowModels::set_stage(const Workspace& workspace,
                              const Request& request,
                              const json& given) {
    auto version = require_version(workspace, given);
    const auto wanted = text_at(given, "stage");
    const auto stage = std::ranges::find_if(
        stages, [&](std::string_view known) { return same_text(known, wanted); });
    if (stage == stages.end())
        throw Error(ErrorKind::Rejected,
                    fmt::format("'{}' is no stage: None, Staging, Production, Archived.", wanted));
    if (given.value("archive_existing_versions", json(false)) == json(true)) {
        for (auto& other : models_.versions(workspace, version.name)) {
            if (other.version == version.version || stage_of(other) != *stage) continue;
            other.body["properties"]["stage"] = "Archived";
            models_.save(request, other);
        }
    }
    version.body["properties"]["stage"] = *stage;
    models_.save(request, version);
    return Reply::of_json({{"model_version", version_json(workspace, request, version)}});
}

Reply MlflowModels::set_tag(const Workspace& workspace, const Request& request, const json& given) {
    auto changed = require_either(workspace, given);
    const auto key = text_at(given, "key");
    if (key.empty()) throw Error(ErrorKind::Rejected, "A tag needs a key.");
    changed.body["properties"]["tags"][key] = text_at(given, "value");
    models_.save(request, changed);
    return Reply::of_json(json::object());
}

Reply MlflowModels::delete_tag(const Workspace& workspace,
                               const Request& request,
                               const json& given) {
    auto changed = require_either(workspace, given);
    changed.body["properties"]["tags"].erase(text_at(given, "key"));
    models_.save(request, changed);
    return Reply::of_json(json::object());
}

}  // namespace aml::emulator
