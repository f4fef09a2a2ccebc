#include "async/run_blocking.hpp"
#include "azure/assets.hpp"
#include "runconfig/run_configuration.hpp"
#include "submit/inline_environment.hpp"
#include "submit/job_references.hpp"
#include "submit/local_upload.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::submit {
namespace {

asio::awaitable<std::string> make_inline(SubmitContext& context,
                                         runconfig::InlineEnvironment environment,
                                         std::filesystem::path file,
                                         std::stop_token stop) {
    if (environment.build && runconfig::is_local(environment.build->path)) {
        auto address = co_await upload_local(context,
                                             runconfig::local_path(file, environment.build->path),
                                             environment.datastore,
                                             stop);
        environment.build->path = address + '/';
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

LocalizedText not_there(const SubmitContext& context, const std::string& name) {
    return localize(
        "There is no environment {} in the workspace {}. Correct \"environment\" in the run "
        "configuration.",
        name,
        context.workspace.name());
}

[[noreturn]] void fail_missing(const std::string& name, LocalizedText problem) {
    if (name.rfind("AzureML-", 0) == 0) {
        problem = localize(
            "{} Curated environments are found as "
            "azureml://registries/azureml/environments/{}/labels/latest.",
            problem,
            name.substr(8));
    }
    throw Error(ErrorKind::NotFound, std::move(problem));
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
        if (!container) fail_missing(name, not_there(context, name));
        fail_missing(name,
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
    if (page.items.empty()) fail_missing(name, not_there(context, name));
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

}  // namespace

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

}  // namespace aml::submit
