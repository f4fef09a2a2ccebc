#include "submit/submitted_configuration.hpp"

#include "azure/jobs.hpp"
#include "runconfig/command_line.hpp"
#include "runconfig/from_rest.hpp"
#include "runs/run_reader.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace aml::submit {
namespace {

using nlohmann::json;

/// "azureml:name" or "azureml:name:version" of what is in the workspace, anything else as it is.
std::string reference_text(const std::string& id, const azure::ResourceId& workspace) {
    const auto parsed = azure::ResourceId::parse(id);
    if (!parsed || parsed->workspace() != workspace) return id;
    const auto version = parsed->name_of("versions");
    if (version.empty()) return "azureml:" + parsed->name();
    return fmt::format("azureml:{}:{}", parsed->name_of("environments"), version);
}

/// Whether a run is called like a trial: `{sweep}_{n}`.
bool may_be_trial(const std::string& name) {
    const auto last = name.find_last_not_of("0123456789");
    return last != std::string::npos && last + 1 < name.size() && name[last] == '_';
}

/// The command with the hyperparameters as inputs, which can be changed one by one.
std::string with_inputs(std::string command, const std::map<std::string, std::string>& values) {
    auto expressions = runconfig::find_expressions(command);
    std::reverse(expressions.begin(), expressions.end());
    for (const auto& expression : expressions) {
        const bool is_known = expression.root == "search_space" && values.contains(expression.name);
        if (!is_known) continue;
        command.replace(expression.span.begin,
                        expression.span.end - expression.span.begin,
                        fmt::format("${{{{inputs.{}}}}}", expression.name));
    }
    return command;
}

/// The command job that a trial of a sweep is.
json job_of_trial(json sweep, const std::map<std::string, std::string>& values) {
    auto job = json::object();
    if (const auto trial = sweep.find("trial"); trial != sweep.end() && trial->is_object())
        job = std::move(*trial);
    job["jobType"] = "Command";
    for (const auto* key : {"description",
                            "tags",
                            "experimentName",
                            "computeId",
                            "identity",
                            "inputs",
                            "outputs",
                            "queueSettings",
                            "resources"}) {
        const auto found = sweep.find(key);
        if (found != sweep.end() && !found->is_null()) job[key] = std::move(*found);
    }
    const auto limits = sweep.find("limits");
    if (limits != sweep.end() && !text_of(*limits, "trialTimeout").empty()) {
        job["limits"] = {{"jobLimitsType", "Command"},
                         {"timeout", text_of(*limits, "trialTimeout")}};
    }
    job["command"] = with_inputs(text_of(job, "command"), values);
    if (const auto variables = job.find("environmentVariables");
        variables != job.end() && variables->is_object()) {
        for (auto& variable : *variables) {
            if (variable.is_string()) variable = with_inputs(variable.get<std::string>(), values);
        }
    }
    if (!job["inputs"].is_object()) job["inputs"] = json::object();
    for (const auto& [name, value] : values)
        job["inputs"][name] = {{"jobInputType", "literal"}, {"value", value}};
    return job;
}

/// Of a trial, which Azure's job list does not have, what its sweep says of it.
asio::awaitable<std::optional<json>> properties_of(azure::Client& client,
                                                   azure::ResourceId job,
                                                   std::stop_token stop) {
    const auto workspace = job.workspace();
    if (may_be_trial(job.name())) {
        const auto run = co_await runs::find_run(client, job, stop);
        if (run && !run->parent.empty() && !run->parameters.empty()) {
            auto sweep = co_await azure::jobs::properties(client, workspace, run->parent, stop);
            if (sweep && text_of(*sweep, "jobType") == "Sweep")
                co_return job_of_trial(std::move(*sweep), run->parameters);
        }
    }
    co_return co_await azure::jobs::properties(client, workspace, job.name(), std::move(stop));
}

}  // namespace

asio::awaitable<std::string> submitted_configuration(azure::Client& client,
                                                     azure::ResourceId job,
                                                     std::string code,
                                                     std::stop_token stop) {
    const auto workspace = job.workspace();
    auto properties = co_await properties_of(client, job, std::move(stop));
    if (!properties) {
        throw Error(ErrorKind::NotFound, localize("There is no run '{}' any more.", job.name()));
    }
    runconfig::SubmittedJob submitted{.properties = std::move(*properties), .name = job.name()};
    const auto& said = submitted.properties;
    submitted.compute = reference_text(text_of(said, "computeId"), workspace);
    submitted.environment = reference_text(text_of(said, "environmentId"), workspace);
    if (!text_of(said, "codeId").empty()) submitted.code = std::move(code);
    co_return runconfig::to_text(submitted);
}

}  // namespace aml::submit
