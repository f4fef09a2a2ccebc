#include "data/model_store.hpp"

#include "core/time.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace aml::emulator {

namespace {

constexpr auto model_type = "models";
constexpr auto model_version_type = "models/versions";
constexpr std::size_t most_models = 100'000;

json model_system_data(const Request& request, const json& previous) {
    const auto now = iso_time(request.received);
    json data{{"createdAt", now},
              {"createdBy", request.caller.name},
              {"createdByType", request.caller.type}};
    if (previous.is_object()) data.update(previous);
    data["lastModifiedAt"] = now;
    data["lastModifiedBy"] = request.caller.name;
    data["lastModifiedByType"] = request.caller.type;
    return data;
}

std::int64_t version_number(const Resource& version) {
    const auto& text = version.version;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

std::int64_t highest_version(const std::vector<Resource>& versions) {
    std::int64_t highest = 0;
    for (const auto& version : versions) highest = std::max(highest, version_number(version));
    return highest;
}

}  // namespace

std::optional<Resource> ModelStore::find(const Workspace& workspace, std::string_view name) {
    return context_.resources.find(workspace.id, model_type, name);
}

std::optional<Resource> ModelStore::find_version(const Workspace& workspace,
                                                 std::string_view name,
                                                 std::string_view version) {
    return context_.resources.find(workspace.id, model_version_type, name, version);
}

std::vector<Resource> ModelStore::models(const Workspace& workspace) {
    return context_.resources.list(workspace.id, model_type, "", {0, most_models});
}

std::vector<Resource> ModelStore::versions(const Workspace& workspace, std::string_view name) {
    return context_.resources.list_newest_first(
        workspace.id, model_version_type, name, {0, most_models});
}

std::pair<Resource, bool> ModelStore::ensure(const Workspace& workspace,
                                             const Request& request,
                                             const std::string& name) {
    if (auto known = find(workspace, name)) return {std::move(*known), false};
    Resource model;
    model.workspace_id = workspace.id;
    model.type = model_type;
    model.name = name;
    model.body = {{"properties",
                   {{"description", nullptr},
                    {"tags", json::object()},
                    {"properties", json::object()},
                    {"isArchived", false},
                    {"latestVersion", nullptr},
                    {"nextVersion", "1"},
                    {"provisioningState", "Succeeded"}}}};
    save(request, model);
    return {std::move(model), true};
}

Resource ModelStore::add(const Workspace& workspace,
                         const Request& request,
                         const NewModelVersion& added) {
    Transaction transaction(context_.store);
    auto model = ensure(workspace, request, added.name).first;
    Resource version;
    version.workspace_id = workspace.id;
    version.type = model_version_type;
    version.name = model.name;
    version.version = std::to_string(highest_version(versions(workspace, model.name)) + 1);
    version.body = {{"properties",
                     {{"modelUri", added.uri},
                      {"modelType", added.type},
                      {"jobName", added.run_id.empty() ? json() : json(added.run_id)},
                      {"description", added.description.empty() ? json() : json(added.description)},
                      {"tags", added.tags},
                      {"properties", added.properties},
                      {"flavors", json::object()},
                      {"stage", nullptr},
                      {"isArchived", false},
                      {"isAnonymous", false},
                      {"provisioningState", "Succeeded"}}}};
    save(request, version);
    note_versions(request, model);
    transaction.commit();
    return version;
}

void ModelStore::save(const Request& request, Resource& changed) {
    changed.system_data = model_system_data(request, changed.system_data);
    context_.resources.put(changed);
}

void ModelStore::remove(const Workspace& workspace, std::string_view name) {
    Transaction transaction(context_.store);
    for (const auto& version : versions(workspace, name))
        context_.resources.remove(workspace.id, model_version_type, version.name, version.version);
    context_.resources.remove(workspace.id, model_type, name);
    transaction.commit();
}

void ModelStore::remove_version(const Workspace& workspace,
                                const Request& request,
                                const Resource& version) {
    Transaction transaction(context_.store);
    context_.resources.remove(workspace.id, model_version_type, version.name, version.version);
    auto model = find(workspace, version.name);
    if (model && versions(workspace, version.name).empty()) {
        context_.resources.remove(workspace.id, model_type, version.name);
    } else if (model) {
        note_versions(request, *model);
    }
    transaction.commit();
}

void ModelStore::note_versions(const Request& request, Resource& model) {
    const auto all = context_.resources.list_newest_first(
        model.workspace_id, model_version_type, model.name, {0, most_models});
    auto& properties = model.body["properties"];
    properties["latestVersion"] = all.empty() ? json() : json(all.front().version);
    properties["nextVersion"] = std::to_string(highest_version(all) + 1);
    save(request, model);
}

}  // namespace aml::emulator
