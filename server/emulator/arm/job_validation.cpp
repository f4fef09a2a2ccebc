#include "arm/job_validation.hpp"

#include "arm/job_problems.hpp"
#include "arm/pipeline_validation.hpp"
#include "arm/references.hpp"
#include "arm/sweep_validation.hpp"
#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aml::emulator {
namespace {

Refused missing_asset(const Request& request, std::string_view what, std::string_view id) {
    return ml_error(request,
                    404,
                    "UserError",
                    fmt::format("{} '{}' was not found in the workspace.", what, id),
                    {"NotFound", "NotFoundError"});
}

std::string check_environment(Site& site,
                              const Workspace& workspace,
                              const Request& request,
                              const json& sent,
                              JobProblems& problems) {
    const auto id = text_at(sent, "environmentId");
    if (id.empty()) {
        problems.add("properties.environmentId", "'environmentId' is required.");
        return {};
    }
    const auto found = find_environment(site, workspace, id);
    if (!found) throw missing_asset(request, "Environment", id);
    return resource_id(workspace, *found);
}

json check_code(Site& site, const Workspace& workspace, const Request& request, const json& sent) {
    const auto id = text_at(sent, "codeId");
    if (id.empty()) return nullptr;
    const auto asset = parse_reference(workspace, id);
    const bool is_code = asset && same_text(asset->collection, "codes");
    const auto found = is_code ? site.context.resources.find(
                                     workspace.id, "codes/versions", asset->name, asset->version)
                               : std::nullopt;
    if (!found) throw missing_asset(request, "Code asset", id);
    return resource_id(workspace, *found);
}

/// The compute a job runs on; absent for serverless.
std::optional<Resource> check_compute(Site& site,
                                      const Workspace& workspace,
                                      const Request& request,
                                      const json& sent,
                                      std::int64_t nodes,
                                      JobProblems& problems) {
    const auto id = text_at(sent, "computeId");
    if (id.empty()) return std::nullopt;
    const auto asset = parse_reference(workspace, id);
    const bool is_compute = asset && same_text(asset->collection, "computes");
    auto found = is_compute ? site.context.resources.find(workspace.id, "computes", asset->name)
                            : std::nullopt;
    if (!found || found->body["properties"]["provisioningState"] == "Deleting") {
        throw ml_error(request,
                       400,
                       "UserError",
                       fmt::format("Compute target '{}' was not found in the workspace.",
                                   asset ? asset->name : id),
                       {"BadArgument", "ComputeNotFound"});
    }
    const auto scale = value_at(value_at(found->body["properties"], "properties"), "scaleSettings");
    const auto most = scale.value("maxNodeCount", std::int64_t{1});
    if (nodes > most) {
        problems.add(
            "properties.resources.instanceCount",
            fmt::format("The job asks for {} nodes, but compute target '{}' has at most {}.",
                        nodes,
                        found->name,
                        most));
    }
    return found;
}

std::string check_name(const json& sent,
                       const char* key,
                       std::string fallback,
                       std::size_t longest,
                       JobProblems& problems) {
    const auto value = value_at(sent, key);
    if (value.is_null()) return fallback;
    if (!value.is_string()) {
        problems.add(fmt::format("properties.{}", key), fmt::format("'{}' must be a text.", key));
        return fallback;
    }
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > longest)
        problems.add(fmt::format("properties.{}", key),
                     fmt::format("'{}' is longer than {} characters.", key, longest));
    return text.empty() ? fallback : text;
}

void check_command(const std::string& command, JobProblems& problems) {
    const bool has_word = std::any_of(command.begin(), command.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0;
    });
    if (!has_word)
        problems.add("properties.command",
                     "'command' is required and must hold a letter or digit.");
}

/// With such a token the service acts for the user.
bool has_user_token(Site& site, const Request& request) {
    const auto claims = site.context.tokens.read(request.headers.get("x-azureml-token"));
    return claims && text_at(*claims, "aud").starts_with("https://ml.azure.");
}

json check_identity(Site& site,
                    const json& identity,
                    const Request& request,
                    JobProblems& problems) {
    if (identity.is_null()) return nullptr;
    const auto type = text_at(identity, "identityType");
    if (same_text(type, "UserIdentity") && !has_user_token(site, request)) {
        problems.add("properties.identity",
                     "A job with the identity type UserIdentity needs the header x-azureml-token "
                     "with a token for https://ml.azure.com.");
    } else if (!same_text(type, "UserIdentity") && !same_text(type, "AMLToken") &&
               !same_text(type, "Managed")) {
        problems.add("properties.identity.identityType",
                     "'identityType' must be AMLToken, Managed or UserIdentity.");
    }
    return identity;
}

json check_queue(const json& queue, JobProblems& problems) {
    constexpr std::array<std::string_view, 5> tiers{"Null", "Spot", "Basic", "Standard", "Premium"};
    const auto tier = text_at(queue, "jobTier");
    const bool known = std::any_of(
        tiers.begin(), tiers.end(), [&](std::string_view word) { return same_text(word, tier); });
    if (!queue.is_null() && !known)
        problems.add("properties.queueSettings.jobTier",
                     fmt::format("'jobTier' must be one of {}.", fmt::join(tiers, ", ")));
    return queue;
}

void check_job_type(const json& sent, const Request& request) {
    JobProblems problems;
    const auto type = text_at(sent, "jobType");
    if (!sent.is_object()) {
        problems.add("properties", "'properties' is required.");
    } else if (type.empty()) {
        problems.add("properties.jobType", "'jobType' is required.");
    } else if (!same_text(type, "Command") && !same_text(type, "Sweep") &&
               !same_text(type, "Pipeline")) {
        problems.add("properties.jobType",
                     fmt::format("The job type '{}' is not supported by this emulator: Command, "
                                 "Sweep and Pipeline are.",
                                 type));
    }
    problems.raise(request);
}

/// What runs on the nodes, from the job or from the trial of a sweep. `job` has the inputs and
/// outputs, and gets it.
void check_program(Site& site,
                   const Workspace& workspace,
                   const Request& request,
                   const json& sent,
                   json& program,
                   const json& job,
                   JobProblems& problems) {
    const auto command = text_at(sent, "command");
    check_command(command, problems);
    check_references(command, job, problems);
    program["command"] = command;
    program["resources"] = check_resources(value_at(sent, "resources"), problems);
    check_distribution(program["distribution"] = value_at(sent, "distribution"), problems);
    program["environmentVariables"] = check_text_map(
        value_at(sent, "environmentVariables"), "properties.environmentVariables", problems);
    program["environmentId"] = check_environment(site, workspace, request, sent, problems);
    problems.raise(request);
    program["codeId"] = check_code(site, workspace, request, sent);
}

void check_sweep(Site& site,
                 const Workspace& workspace,
                 const Request& request,
                 const json& sent,
                 json& job,
                 JobProblems& problems) {
    job["jobType"] = "Sweep";
    job["samplingAlgorithm"] = check_sampling(value_at(sent, "samplingAlgorithm"), problems);
    job["searchSpace"] =
        check_search_space(value_at(sent, "searchSpace"), job["samplingAlgorithm"], problems);
    job["objective"] = check_objective(value_at(sent, "objective"), problems);
    job["earlyTermination"] = check_early_termination(value_at(sent, "earlyTermination"), problems);
    job["limits"] = check_sweep_limits(value_at(sent, "limits"), problems);
    const auto trial = value_at(sent, "trial");
    if (!trial.is_object()) {
        problems.add("properties.trial", "'trial' is required.");
        problems.raise(request);
    }
    auto& program = job["trial"];
    program = json::object();
    check_program(site, workspace, request, trial, program, job, problems);
    const auto resources = value_at(sent, "resources");
    job["resources"] =
        resources.is_null() ? program["resources"] : check_resources(resources, problems);
}

}  // namespace

JobSpec check_job(Site& site,
                  const Workspace& workspace,
                  const Request& request,
                  const std::string& name,
                  const json& body) {
    const auto sent = value_at(body, "properties");
    check_job_type(sent, request);
    JobProblems problems;
    if (!request.query.get("api-version").ends_with("-preview")) check_no_preview(sent, problems);
    JobSpec spec;
    spec.experiment = check_name(sent, "experimentName", "Default", 255, problems);
    if (!is_name(spec.experiment, 1, 255, "-_")) {
        problems.add("properties.experimentName",
                     fmt::format("The experiment name '{}' is invalid: it must start with a letter "
                                 "or digit and hold letters, digits, hyphens and underscores only.",
                                 spec.experiment));
    }
    spec.display_name = check_name(sent, "displayName", name, 256, problems);
    spec.description = check_name(sent, "description", "", 5000, problems);
    spec.tags = check_text_map(value_at(sent, "tags"), "properties.tags", problems);
    spec.properties =
        check_text_map(value_at(sent, "properties"), "properties.properties", problems);
    spec.archived = sent.value("isArchived", json(false)) == true;
    auto& job = spec.job;
    job["inputs"] = check_inputs(value_at(sent, "inputs"), problems);
    job["outputs"] = check_outputs(value_at(sent, "outputs"), name, problems);
    const bool is_pipeline = same_text(text_at(sent, "jobType"), "Pipeline");
    // A pipeline waits for nothing itself.
    if (!is_pipeline) job["queueSettings"] = check_queue(value_at(sent, "queueSettings"), problems);
    job["identity"] = check_identity(site, value_at(sent, "identity"), request, problems);
    job["notificationSetting"] = value_at(sent, "notificationSetting");
    job["services"] = value_at(sent, "services");
    if (same_text(text_at(sent, "jobType"), "Sweep")) {
        check_sweep(site, workspace, request, sent, job, problems);
    } else if (is_pipeline) {
        check_pipeline(site, workspace, request, sent, job, problems);
    } else {
        check_limits(job["limits"] = value_at(sent, "limits"), problems);
        auto program = json::object();
        check_program(site, workspace, request, sent, program, job, problems);
        job.update(program);
    }
    // Steps of a pipeline have nodes of their own.
    const auto nodes = job.value("/resources/instanceCount"_json_pointer, std::int64_t{1});
    const auto compute = check_compute(site, workspace, request, sent, nodes, problems);
    problems.raise(request);
    if (compute) spec.target = compute->name;
    job["computeId"] = compute ? json(resource_id(workspace, *compute)) : json();
    return spec;
}

}  // namespace aml::emulator
