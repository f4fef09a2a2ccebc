#include "arm/pipeline_validation.hpp"

#include "arm/references.hpp"
#include "core/step_binding.hpp"
#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {
namespace {

std::string step_target(std::string_view step, std::string_view member) {
    return fmt::format("properties.jobs.{}.{}", step, member);
}

/// The component of a step, under the id that the service gives it.
json check_component_of(Site& site,
                        const Workspace& workspace,
                        const Request& request,
                        const std::string& id) {
    auto asset = parse_reference(workspace, id);
    const bool is_component = asset && same_text(asset->collection, "components");
    auto found = is_component
                     ? site.context.resources.find(
                           workspace.id, "components/versions", asset->name, asset->version)
                     : std::nullopt;
    if (!found) {
        throw ml_error(request,
                       404,
                       "UserError",
                       fmt::format("Component '{}' was not found in the workspace.", id),
                       {"NotFound", "NotFoundError"});
    }
    return resource_id(workspace, *found);
}

void check_step_compute(Site& site,
                        const Workspace& workspace,
                        const std::string& id,
                        const std::string& target,
                        JobProblems& problems) {
    if (id.empty() || same_text(id, "serverless")) return;
    const auto asset = parse_reference(workspace, id);
    const bool is_there = asset && same_text(asset->collection, "computes") &&
                          site.context.resources.find(workspace.id, "computes", asset->name);
    if (is_there) return;
    problems.add(target,
                 fmt::format("Compute target '{}' was not found in the workspace.",
                             asset ? asset->name : id));
}

void check_bindings(const std::string& step,
                    const json& node,
                    const json& job,
                    const json& steps,
                    JobProblems& problems) {
    for (const auto* member : {"inputs", "outputs"}) {
        for (const auto& [name, binding] : bindings_of(node, member)) {
            const bool fits = binding.group == member ||
                              (binding.group == "jobs" && std::string_view(member) == "inputs");
            const bool is_known = binding.group == "jobs"
                                      ? steps.contains(binding.step)
                                      : fits && value_at(job, member).contains(binding.name);
            if (fits && is_known) continue;
            problems.add(
                step_target(step, fmt::format("{}.{}", member, name)),
                fmt::format("The binding of '{}' names nothing that the pipeline has.", name));
        }
    }
}

void check_no_cycle(const json& steps, JobProblems& problems) {
    std::map<std::string, std::vector<std::string>> left;
    for (const auto& [name, node] : steps.items()) left[name] = needs_of(node);
    for (std::size_t before = 0; before != left.size();) {
        before = left.size();
        std::erase_if(left, [&](const auto& step) {
            return std::ranges::none_of(
                step.second, [&](const std::string& need) { return left.contains(need); });
        });
    }
    if (left.empty()) return;
    problems.add(
        "properties.jobs",
        fmt::format("The pipeline has a cycle: step '{}' can never begin.", left.begin()->first));
}

}  // namespace

void check_pipeline(Site& site,
                    const Workspace& workspace,
                    const Request& request,
                    const json& sent,
                    json& job,
                    JobProblems& problems) {
    job["jobType"] = "Pipeline";
    auto settings = value_at(sent, "settings");
    if (!settings.is_object()) settings = json::object();
    check_step_compute(site,
                       workspace,
                       text_at(settings, "default_compute"),
                       "properties.settings.default_compute",
                       problems);
    auto steps = value_at(sent, "jobs");
    if (!steps.is_object() || steps.empty()) {
        problems.add("properties.jobs",
                     "'jobs' is required: this emulator runs no pipeline that is a component.");
        problems.raise(request);
    }
    for (auto& [name, node] : steps.items()) {
        if (!node.is_object() || !same_text(text_at(node, "type"), "command")) {
            problems.add(step_target(name, "type"),
                         fmt::format("The step type '{}' is not supported by this emulator: "
                                     "command is.",
                                     node.is_object() ? text_at(node, "type") : ""));
            continue;
        }
        check_step_compute(
            site, workspace, text_at(node, "computeId"), step_target(name, "computeId"), problems);
        check_bindings(name, node, job, steps, problems);
    }
    check_no_cycle(steps, problems);
    problems.raise(request);
    for (auto& [name, node] : steps.items())
        node["componentId"] =
            check_component_of(site, workspace, request, text_at(node, "componentId"));
    job["jobs"] = std::move(steps);
    job["settings"] = std::move(settings);
}

}  // namespace aml::emulator
