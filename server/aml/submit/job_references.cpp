#include "submit/job_references.hpp"

#include "async/run_blocking.hpp"
#include "azure/assets.hpp"
#include "azure/computes.hpp"
#include "runconfig/run_configuration.hpp"
#include "submit/inline_environment.hpp"
#include "submit/local_upload.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

namespace aml::submit {
namespace {

asio::awaitable<LocalizedText> what_there_is(SubmitContext& context, std::stop_token stop) {
    auto page = co_await azure::computes::list(context.client, context.workspace, std::move(stop));
    std::vector<std::string> names;
    for (const auto& compute : page.items) {
        if (compute.runs_jobs()) names.push_back(compute.name);
    }
    if (names.empty())
        co_return localize(
            "The workspace has none yet. Create one: “Create compute” in the "
            "sidebar of VS Code, or “aml compute create” in a terminal.");
    co_return localize("It has: {}.", fmt::join(names, ", "));
}

void check_usable(const azure::Compute& compute) {
    const auto reject = [](LocalizedText reason) {
        throw Error(ErrorKind::Rejected, std::move(reason));
    };
    const auto& name = compute.name;
    if (!compute.runs_jobs()) {
        reject(localize("The compute {} is of the kind {}, which runs no jobs. Pick a cluster.",
                        name,
                        compute.type));
    }
    if (same_name(compute.provisioning_state, "Deleting"))
        reject(localize("The compute {} is being deleted. Pick another one.", name));
    if (same_name(compute.provisioning_state, "Failed")) {
        if (compute.errors.empty()) {
            reject(localize("The compute {} could not be created. Delete it or pick another one.",
                            name));
        }
        reject(localize("The compute {} could not be created: {} Delete it or pick another one.",
                        name,
                        compute.errors.front()));
    }
    const bool stopped = same_name(compute.instance_state, "Stopped") ||
                         same_name(compute.instance_state, "Stopping");
    if (stopped)
        reject(localize(
            "The compute {} is a compute instance that is stopped. Start it, or pick a cluster.",
            name));
    if (compute.max_nodes == 0)
        reject(
            localize("The compute {} may have no nodes (maximum 0). Raise its maximum, or pick "
                     "another one.",
                     name));
}

/// Instances stop and start; clusters are there or not.
bool is_lasting(const azure::Compute& compute) {
    return same_name(compute.type, "AmlCompute") &&
           same_name(compute.provisioning_state, "Succeeded");
}

constexpr std::string_view address_scheme = "azureml://";

/// What `azureml://datastores/{name}/paths/{path}` names, also in the long form with this
/// workspace's id. Absent: something else.
std::optional<std::pair<std::string, std::string>> parts_of_address(
    const azure::ResourceId& workspace, std::string_view address) {
    if (!address.starts_with(address_scheme)) return std::nullopt;
    address.remove_prefix(address_scheme.size());
    const auto own = fmt::format("subscriptions/{}/resourcegroups/{}/workspaces/{}/",
                                 workspace.subscription(),
                                 workspace.resource_group(),
                                 workspace.name());
    if (lower(address).starts_with(lower(own))) address.remove_prefix(own.size());
    constexpr std::string_view stores = "datastores/";
    constexpr std::string_view paths = "/paths/";
    const auto path = address.find(paths);
    if (!address.starts_with(stores) || path == std::string_view::npos) return std::nullopt;
    return std::pair(std::string(address.substr(stores.size(), path - stores.size())),
                     std::string(address.substr(path + paths.size())));
}

/// The blob address of a build context, since images are built without knowing datastores: of a
/// local folder, which is uploaded, or of a path in a datastore. Other addresses stay.
asio::awaitable<std::string> context_address(SubmitContext& context,
                                             runconfig::InlineEnvironment environment,
                                             std::filesystem::path file,
                                             std::stop_token stop) {
    auto written = environment.build->path;
    if (runconfig::is_local(written)) {
        // A name without letters that would have to be escaped.
        LocalData folder{.path = runconfig::local_path(file, written),
                         .datastore = environment.datastore,
                         .folder = "context"};
        const auto uploaded = co_await upload_local(context, std::move(folder), std::move(stop));
        co_return fmt::format("{}/{}/", uploaded.datastore.blob_address, uploaded.path);
    }
    if (!written.starts_with(address_scheme)) co_return written;
    auto parts = parts_of_address(context.workspace, written);
    azure::Datastore store;
    if (parts) {
        std::optional<std::string> name(std::move(parts->first));
        store = co_await find_datastore(context, std::move(name), std::move(stop));
    }
    if (store.blob_address.empty()) {
        throw Error(ErrorKind::Rejected,
                    localize("environment.build.path: an image cannot be built from {}. Name a "
                             "folder next to the run configuration, a blob (https://…) or a Git "
                             "repository.",
                             written));
    }
    auto path = std::move(parts->second);
    if (!path.ends_with('/')) path += '/';
    co_return fmt::format("{}/{}", store.blob_address, path);
}

asio::awaitable<std::string> make_inline(SubmitContext& context,
                                         runconfig::InlineEnvironment environment,
                                         std::filesystem::path file,
                                         std::stop_token stop) {
    if (environment.build) {
        auto address = co_await context_address(context, environment, file, stop);
        environment.build->path = std::move(address);
    }
    auto reading = [environment = std::move(environment), folder = file.parent_path()] {
        return make_anonymous(environment, folder);
    };
    auto anonymous = co_await async::run_blocking(context.state.pool(), std::move(reading));
    if (auto known = context.known.find(KnownKind::Environment, anonymous.version))
        co_return std::move(*known);
    context.reporter->enter(SubmitStage::Environment, localize("Preparing the environment"));
    auto made = co_await azure::environments::create_or_update(context.client,
                                                               context.workspace,
                                                               anonymous_environment_name,
                                                               anonymous.version,
                                                               std::move(anonymous.spec),
                                                               std::move(stop));
    context.known.note(KnownKind::Environment, anonymous.version, made.id);
    co_return std::move(made.id);
}

Error not_there(const SubmitContext& context, const std::string& name) {
    return {ErrorKind::NotFound,
            localize("There is no environment {} in the workspace {}. Correct \"environment\" in "
                     "the run configuration.",
                     name,
                     context.workspace.name())};
}

asio::awaitable<std::string> find_version(SubmitContext& context,
                                          std::string name,
                                          std::string version,
                                          std::stop_token stop) {
    const auto key = fmt::format("{}:{}", name, version);
    if (auto known = context.known.find(KnownKind::Environment, key)) co_return std::move(*known);
    auto found =
        co_await azure::environments::find(context.client, context.workspace, name, version, stop);
    if (!found) {
        auto container = co_await azure::environments::find_container(
            context.client, context.workspace, name, stop);
        if (!container) throw not_there(context, name);
        throw Error(ErrorKind::NotFound,
                    localize("The environment {} has no version {} (the latest is {}) in the "
                             "workspace {}. Correct \"environment\" in the run configuration.",
                             name,
                             version,
                             container->latest_version,
                             context.workspace.name()));
    }
    context.known.note(KnownKind::Environment, key, found->id);
    co_return std::move(found->id);
}

asio::awaitable<std::string> find_latest_environment(SubmitContext& context,
                                                     std::string name,
                                                     std::stop_token stop) {
    auto page = co_await azure::environments::list_versions(
        context.client, context.workspace, name, std::move(stop));
    if (page.items.empty()) throw not_there(context, name);
    co_return std::move(page.items.front().id);
}

asio::awaitable<std::string> find_latest_in_registry(SubmitContext& context,
                                                     runconfig::AssetReference reference,
                                                     std::stop_token stop) {
    auto plane = co_await context.client.data_plane(context.workspace, stop);
    auto registry = co_await azure::registries::discover(
        context.client, std::move(plane), reference.registry, stop);
    auto page = co_await azure::registries::environment_versions(
        context.client, std::move(registry), reference.name, std::move(stop));
    if (page.items.empty()) {
        throw Error(
            ErrorKind::NotFound,
            localize(
                "There is no environment {} in the registry {}. Correct \"environment\" in the run "
                "configuration.",
                reference.name,
                reference.registry));
    }
    co_return std::move(page.items.front().id);
}

/// The short form of a curated environment, which Azure ML itself expands.
/// Source: `_operation_orchestrator.py` of azure-ai-ml.
bool is_curated(const runconfig::AssetReference& reference) {
    return reference.kind == runconfig::AssetReference::Kind::Workspace &&
           reference.name.starts_with("AzureML-");
}

void check_label(const runconfig::AssetReference& reference) {
    if (!reference.label || *reference.label == "latest") return;
    throw Error(
        ErrorKind::Rejected,
        localize(
            "The environment {} has the label {}; only @latest can be looked up. Name a version.",
            reference.name,
            *reference.label));
}

asio::awaitable<std::string> find_named(SubmitContext& context,
                                        runconfig::AssetReference reference,
                                        std::stop_token stop) {
    if (is_curated(reference)) co_return reference.text;
    check_label(reference);
    if (reference.kind == runconfig::AssetReference::Kind::ArmId) {
        const auto id = azure::ResourceId::parse(reference.text);
        if (!id || id->workspace() != context.workspace || !reference.version)
            co_return reference.text;
    }
    if (reference.kind == runconfig::AssetReference::Kind::Registry) {
        if (reference.version) co_return reference.text;
        co_return co_await find_latest_in_registry(context, std::move(reference), std::move(stop));
    }
    if (!reference.version)
        co_return co_await find_latest_environment(context, reference.name, std::move(stop));
    co_return co_await find_version(context, reference.name, *reference.version, std::move(stop));
}

bool is_model(std::string_view type) {
    return type.find("model") != std::string_view::npos;
}

bool is_address(std::string_view path) {
    return path.find("://") != std::string_view::npos;
}

asio::awaitable<std::string> find_latest_asset(SubmitContext& context,
                                               std::string collection,
                                               std::string name,
                                               std::stop_token stop) {
    azure::Page<azure::AssetVersion> page;
    if (collection == "models") {
        page = co_await azure::models::list_versions(context.client, context.workspace, name, stop);
    } else {
        page = co_await azure::data::list_versions(context.client, context.workspace, name, stop);
    }
    if (page.items.empty()) {
        throw Error(
            ErrorKind::NotFound,
            collection == "models"
                ? localize(
                      "There is no model {} in the workspace {}.", name, context.workspace.name())
                : localize("There is no data asset {} in the workspace {}.",
                           name,
                           context.workspace.name()));
    }
    co_return std::move(page.items.front().id);
}

asio::awaitable<std::string> resolve_reference(SubmitContext& context,
                                               std::string input,
                                               runconfig::DataInput data,
                                               std::stop_token stop) {
    const std::string collection = is_model(data.type) ? "models" : "data";
    auto parsed = runconfig::parse_asset_reference(data.path, collection);
    if (const auto* bad = std::get_if<runconfig::BadReference>(&parsed)) {
        throw Error(ErrorKind::Rejected, localize("inputs.{}.path: {}", input, bad->message));
    }
    const auto& reference = std::get<runconfig::AssetReference>(parsed);
    if (reference.kind != runconfig::AssetReference::Kind::Workspace) co_return reference.text;
    if (reference.version) {
        co_return context.workspace.child(collection, reference.name)
            .child("versions", *reference.version)
            .to_string();
    }
    if (reference.label && *reference.label != "latest") {
        throw Error(
            ErrorKind::Rejected,
            localize("inputs.{}.path: only @latest can be looked up, not @{}. Name a version.",
                     input,
                     *reference.label));
    }
    co_return co_await find_latest_asset(context, collection, reference.name, std::move(stop));
}

asio::awaitable<std::string> upload_input(SubmitContext& context,
                                          runconfig::DataInput data,
                                          std::filesystem::path file,
                                          std::stop_token stop) {
    LocalData local{.path = runconfig::local_path(file, data.path),
                    .datastore = std::move(data.datastore)};
    const auto uploaded = co_await upload_local(context, std::move(local), std::move(stop));
    co_return fmt::format("azureml://datastores/{}/paths/{}{}",
                          uploaded.datastore.name,
                          uploaded.path,
                          data.type == "uri_folder" ? "/" : "");
}

}  // namespace

asio::awaitable<std::optional<std::string>> resolve_compute(
    SubmitContext& context,
    runconfig::ComputeReference compute,
    runconfig::WantedNodes nodes,
    const runconfig::RunConfiguration& configuration,
    std::stop_token stop) {
    using Kind = runconfig::ComputeReference::Kind;
    if (compute.kind == Kind::Serverless) co_return std::nullopt;
    auto id = context.workspace.child("computes", compute.name);
    if (compute.kind == Kind::ArmId) {
        const auto parsed = azure::ResourceId::parse(compute.arm_id);
        if (!parsed || parsed->workspace() != context.workspace) co_return compute.arm_id;
        id = *parsed;
    }
    const auto key = lower(id.name());
    // Its maximum is not remembered: it can be changed.
    if (nodes.count <= 1) {
        if (auto known = context.known.find(KnownKind::Compute, key)) co_return known;
    }
    auto found = co_await azure::computes::find(context.client, id, stop);
    if (!found) {
        const auto hint = co_await what_there_is(context, std::move(stop));
        throw Error(ErrorKind::NotFound,
                    localize("There is no compute {} in the workspace {}. {}",
                             id.name(),
                             context.workspace.name(),
                             hint));
    }
    check_usable(*found);
    if (same_name(found->type, "AmlCompute") && found->max_nodes &&
        nodes.count > *found->max_nodes) {
        auto problem = runconfig::too_many_nodes(nodes.count, id.name(), *found->max_nodes);
        throw Error(ErrorKind::Rejected,
                    runconfig::located(configuration, nodes.key, std::move(problem)));
    }
    for (const auto& problem : found->errors) {
        context.notes.push_back(localize("The compute {} reports: {}", id.name(), problem));
    }
    auto text = id.to_string();
    if (is_lasting(*found) && found->errors.empty())
        context.known.note(KnownKind::Compute, key, text);
    co_return text;
}

asio::awaitable<std::string> resolve_environment(SubmitContext& context,
                                                 runconfig::Environment environment,
                                                 std::filesystem::path file,
                                                 std::stop_token stop) {
    if (auto* reference = std::get_if<runconfig::AssetReference>(&environment)) {
        co_return co_await find_named(context, std::move(*reference), std::move(stop));
    }
    auto& definition = std::get<runconfig::InlineEnvironment>(environment);
    co_return co_await make_inline(
        context, std::move(definition), std::move(file), std::move(stop));
}

asio::awaitable<std::map<std::string, std::string>> resolve_inputs(
    SubmitContext& context,
    std::map<std::string, runconfig::Input> inputs,
    std::filesystem::path file,
    std::stop_token stop) {
    std::map<std::string, std::string> uris;
    for (const auto& [name, input] : inputs) {
        const auto* data = std::get_if<runconfig::DataInput>(&input);
        if (data == nullptr || is_address(data->path)) continue;
        if (runconfig::is_local(data->path)) {
            auto uri = co_await upload_input(context, *data, file, stop);
            uris[name] = std::move(uri);
            continue;
        }
        auto uri = co_await resolve_reference(context, name, *data, stop);
        uris[name] = std::move(uri);
    }
    co_return uris;
}

}  // namespace aml::submit
