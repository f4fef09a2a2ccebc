#include "data/model_management.hpp"

#include "core/artifact_uri.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace aml::emulator {

namespace {

constexpr auto asset_type = "modelAssets";
constexpr std::string_view asset_scheme = "aml://asset/";
constexpr std::string_view artifact_origin = "ExperimentRun/dcid.";

json texts_of(const json& object, std::string_view name) {
    auto texts = json::object();
    const auto found = object.find(name);
    if (found == object.end() || !found->is_object()) return texts;
    for (const auto& [key, value] : found->items()) {
        if (value.is_string()) texts[key] = value;
    }
    return texts;
}

json registered_model_json(const Resource& version) {
    const auto& properties = version.body["properties"];
    const auto number = std::strtoll(version.version.c_str(), nullptr, 10);
    const auto made = version.system_data.value("createdAt", json());
    return {{"id", fmt::format("{}:{}", version.name, version.version)},
            {"name", version.name},
            {"version", number},
            {"framework", properties["properties"].value("framework", "Custom")},
            {"frameworkVersion", properties["properties"].value("frameworkVersion", json())},
            {"url", properties.value("modelUri", json())},
            {"mimeType", "application/x-python"},
            {"description", properties.value("description", json())},
            {"createdTime", made},
            {"modifiedTime", version.system_data.value("lastModifiedAt", made)},
            {"unpack", false},
            {"parentModelId", nullptr},
            {"runId", properties.value("jobName", json())},
            {"experimentName", properties["properties"].value("experimentName", json())},
            {"kvTags", properties.value("tags", json::object())},
            {"properties", properties.value("properties", json::object())},
            {"derivedModelIds", nullptr},
            {"datasets", json::array()},
            {"sampleInputData", nullptr},
            {"sampleOutputData", nullptr},
            {"resourceRequirements", nullptr},
            {"createdBy", {{"userName", version.system_data.value("createdBy", json())}}}};
}

}  // namespace

ModelManagement::ModelManagement(Context& context, Router& router, ModelStore& models)
    : context_(context),
      models_(models),
      routes_(context, router, "modelmanagement/v1.0", "modelmanagement") {}

void ModelManagement::add_routes() {
    using Member = Reply (ModelManagement::*)(const Workspace&, const Request&);
    const auto add = [this](const char* method, const char* path, Member member) {
        const auto call = [this, member](const Workspace& workspace, const Request& request) {
            return (this->*member)(workspace, request);
        };
        routes_.add(method, path, call);
    };
    add("POST", "/assets", &ModelManagement::create_asset);
    add("GET", "/assets/{id}", &ModelManagement::get_asset);
    add("POST", "/models", &ModelManagement::register_model);
    add("GET", "/models", &ModelManagement::list_models);
    add("GET", "/models/{id}", &ModelManagement::get_model);
}

Reply ModelManagement::create_asset(const Workspace& workspace, const Request& request) {
    auto asset = request.json_body();
    if (text_at(asset, "name").empty())
        throw routes_.bad_request(request, "An asset needs a 'name'.");
    Resource stored;
    stored.workspace_id = workspace.id;
    stored.type = asset_type;
    stored.name = context_.random.uuid();
    asset["id"] = stored.name;
    asset["createdTime"] = iso_time(request.received);
    stored.body = asset;
    context_.resources.put(stored);
    return Reply::of_json(asset);
}

Reply ModelManagement::get_asset(const Workspace& workspace, const Request& request) {
    const auto found = context_.resources.find(workspace.id, asset_type, request.param("id"));
    if (!found)
        throw routes_.not_found(request,
                                fmt::format("Asset {} was not found.", request.param("id")));
    return Reply::of_json(found->body);
}

Reply ModelManagement::register_model(const Workspace& workspace, const Request& request) {
    const auto body = request.json_body();
    NewModelVersion added;
    added.name = text_at(body, "name");
    added.uri = text_at(body, "url");
    if (added.name.empty() || added.uri.empty())
        throw routes_.bad_request(request, "A model needs a 'name' and a 'url'.");
    if (added.uri.starts_with(asset_scheme)) {
        const auto id = added.uri.substr(asset_scheme.size());
        const auto asset = context_.resources.find(workspace.id, asset_type, id);
        if (!asset) throw routes_.bad_request(request, fmt::format("There is no asset {}.", id));
        const auto first = json::json_pointer("/artifacts/0");
        const auto artifact =
            asset->body.contains(first) ? text_at(asset->body[first], "prefix") : "";
        const auto rest = artifact.starts_with(artifact_origin)
                              ? artifact.substr(artifact_origin.size())
                              : std::string();
        if (const auto slash = rest.find('/'); slash != std::string::npos)
            added.uri = run_artifact_uri(workspace, rest.substr(0, slash), rest.substr(slash + 1));
    }
    added.run_id = text_at(body, "runId");
    added.description = text_at(body, "description");
    added.tags = texts_of(body, "kvTags");
    added.properties = texts_of(body, "properties");
    for (const auto* key : {"framework", "frameworkVersion", "experimentName"}) {
        if (const auto text = text_at(body, key); !text.empty()) added.properties[key] = text;
    }
    return Reply::of_json(registered_model_json(models_.add(workspace, request, added)));
}

Reply ModelManagement::get_model(const Workspace& workspace, const Request& request) {
    const auto& id = request.param("id");
    const auto colon = id.rfind(':');
    const auto found =
        colon == std::string::npos
            ? std::nullopt
            : models_.find_version(workspace, id.substr(0, colon), id.substr(colon + 1));
    if (!found) throw routes_.not_found(request, fmt::format("Model {} was not found.", id));
    return Reply::of_json(registered_model_json(*found));
}

Reply ModelManagement::list_models(const Workspace& workspace, const Request& request) {
    const auto& run = request.query.get("runId");
    const bool latest = same_text(request.query.get("latestVersionOnly"), "true");
    auto found = json::array();
    std::set<std::string> seen;
    for (const auto& version : models_.versions(workspace, request.query.get("name"))) {
        const bool first = seen.insert(to_lower(version.name)).second;
        if (latest && !first) continue;
        if (!run.empty() && text_at(version.body["properties"], "jobName") != run) continue;
        found.push_back(registered_model_json(version));
    }
    return Reply::of_json({{"value", std::move(found)}});
}

}  // namespace aml::emulator
