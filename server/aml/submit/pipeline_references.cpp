#include "submit/pipeline_references.hpp"

#include "azure/assets.hpp"
#include "runconfig/pipeline_binding.hpp"
#include "snapshot/digest.hpp"
#include "submit/job_references.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <utility>

namespace aml::submit {
namespace {

using nlohmann::json;

constexpr std::size_t component_digits = 32;
constexpr auto serverless = "serverless";

/// As components name what is in a workspace.
std::string in_component(const std::string& id) {
    return id.starts_with('/') ? "azureml:" + id : id;
}

/// A component's code and environment, and then itself.
asio::awaitable<std::string> register_component(SubmitContext& context,
                                                const runconfig::Component& component,
                                                std::filesystem::path file,
                                                const RegisterFolder& register_folder,
                                                std::stop_token stop) {
    auto spec = component.spec;
    spec["_source"] = component.source;
    const runconfig::PlacedProgram placed{&component.program, file};
    if (auto folder = runconfig::code_folder(placed)) {
        const auto code = co_await register_folder(std::move(*folder), stop);
        spec["code"] = in_component(code.id);
    } else if (component.program.code) {
        spec["code"] = *component.program.code;
    }
    const auto environment =
        co_await resolve_environment(context, component.program.environment, file, stop);
    spec["environment"] = in_component(environment);
    const auto text = spec.dump(-1, ' ', false, json::error_handler_t::replace);
    auto version = snapshot::sha256(text).substr(0, component_digits);
    if (auto known = context.known.find(KnownKind::Component, version)) co_return std::move(*known);
    auto id = co_await azure::components::create_anonymous(
        context.client, context.workspace, version, std::move(spec), std::move(stop));
    context.known.note(KnownKind::Component, version, id);
    co_return id;
}

asio::awaitable<std::string> find_component(SubmitContext& context,
                                            runconfig::AssetReference reference,
                                            std::string step,
                                            std::stop_token stop) {
    if (reference.kind != runconfig::AssetReference::Kind::Workspace) co_return reference.text;
    if (reference.version) {
        co_return context.workspace.child("components", reference.name)
            .child("versions", *reference.version)
            .to_string();
    }
    if (reference.label && *reference.label != "latest") {
        throw Error(ErrorKind::Rejected,
                    localize("jobs.{}.component: only @latest can be looked up, not @{}. Name a "
                             "version.",
                             step,
                             *reference.label));
    }
    auto found = co_await azure::components::find_latest(
        context.client, context.workspace, reference.name, std::move(stop));
    if (found) co_return std::move(*found);
    throw Error(ErrorKind::NotFound,
                localize("There is no component {} in the workspace {}. Correct “component” of the "
                         "step {}.",
                         reference.name,
                         context.workspace.name(),
                         step));
}

/// The compute that steps run on which name none.
std::optional<runconfig::ComputeReference> usual_compute(const runconfig::PipelineJob& pipeline) {
    if (pipeline.default_compute) return pipeline.default_compute;
    return pipeline.compute;
}

asio::awaitable<std::optional<std::string>> compute_of_step(
    SubmitContext& context,
    const runconfig::PipelineJob& pipeline,
    const runconfig::PipelineStep& step,
    const runconfig::RunConfiguration& configuration,
    std::stop_token stop) {
    if (!step.compute) {
        // Only whether it has as many nodes is of interest.
        auto usual = usual_compute(pipeline);
        if (step.nodes.count > 1 && usual)
            co_await resolve_compute(
                context, std::move(*usual), step.nodes, configuration, std::move(stop));
        co_return std::nullopt;
    }
    const auto id = co_await resolve_compute(
        context, *step.compute, step.nodes, configuration, std::move(stop));
    co_return id.value_or(serverless);
}

/// Bindings are no data.
std::map<std::string, runconfig::Input> without_bindings(
    const std::map<std::string, runconfig::Input>& inputs) {
    auto result = inputs;
    std::erase_if(result, [](const auto& input) {
        const auto* data = std::get_if<runconfig::DataInput>(&input.second);
        return data != nullptr && runconfig::has_binding(data->path);
    });
    return result;
}

asio::awaitable<runconfig::ResolvedStep> resolve_step(
    SubmitContext& context,
    const runconfig::PipelineStep& step,
    const runconfig::RunConfiguration& configuration,
    const RegisterFolder& register_folder,
    std::stop_token stop) {
    const auto& pipeline = std::get<runconfig::PipelineJob>(configuration.job);
    runconfig::ResolvedStep resolved;
    auto compute = co_await compute_of_step(context, pipeline, step, configuration, stop);
    resolved.compute_id = std::move(compute);
    if (step.component) {
        auto file = step.component->file;
        if (file.empty()) file = configuration.file;
        auto id = co_await register_component(
            context, *step.component, std::move(file), register_folder, stop);
        resolved.component_id = std::move(id);
    } else {
        auto id = co_await find_component(context, *step.known_component, step.name, stop);
        resolved.component_id = std::move(id);
    }
    auto inputs = without_bindings(step.inputs);
    resolved.input_uris =
        co_await resolve_inputs(context, std::move(inputs), configuration.file, std::move(stop));
    co_return resolved;
}

std::string bare_name(std::string_view reference) {
    constexpr std::string_view scheme = "azureml:";
    if (reference.starts_with(scheme)) reference.remove_prefix(scheme.size());
    return std::string(reference);
}

}  // namespace

asio::awaitable<void> resolve_steps(SubmitContext& context,
                                    const runconfig::RunConfiguration& configuration,
                                    RegisterFolder register_folder,
                                    runconfig::ResolvedReferences& resolved,
                                    std::stop_token stop) {
    const auto& pipeline = std::get<runconfig::PipelineJob>(configuration.job);
    if (pipeline.default_compute) {
        const runconfig::WantedNodes any{};
        const auto id =
            co_await resolve_compute(context, *pipeline.default_compute, any, configuration, stop);
        resolved.default_compute_id = id.value_or(serverless);
    } else if (!resolved.compute_id) {
        resolved.default_compute_id = serverless;
    }
    const auto store = bare_name(pipeline.default_datastore);
    if (store.starts_with('/')) {
        resolved.default_datastore_id = store;
    } else if (!store.empty()) {
        resolved.default_datastore_id = context.workspace.child("datastores", store).to_string();
    }
    for (const auto& step : pipeline.steps) {
        auto found = co_await resolve_step(context, step, configuration, register_folder, stop);
        resolved.steps[step.name] = std::move(found);
    }
}

}  // namespace aml::submit
