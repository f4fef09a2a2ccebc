#include "local/plan.hpp"

#include "execution/placeholders.hpp"
#include "local/file_store.hpp"
#include "runconfig/text_file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <utility>
#include <variant>

namespace aml::local {
namespace {

namespace fs = std::filesystem;
using execution::Replacement;
using nlohmann::json;
using Values = std::map<std::string, Replacement, std::less<>>;

Error cannot_be_here(LocalizedText reason) {
    return Error(ErrorKind::Rejected, localize("This cannot run on this computer: {}", reason));
}

/// With '/' on Windows too: for bash there '\' is no part of a name.
Replacement path_value(const fs::path& path) {
    return {path.generic_string(), true};
}

Replacement input_value(const std::string& name,
                        const runconfig::Input& input,
                        const fs::path& file) {
    if (const auto* literal = std::get_if<runconfig::LiteralInput>(&input)) return {literal->value};
    const auto& data = std::get<runconfig::DataInput>(input);
    if (runconfig::is_local(data.path)) return path_value(runconfig::local_path(file, data.path));
    const auto mode = data.rest.value("mode", "");
    if (same_name(mode, "Direct")) return {data.path};
    throw cannot_be_here(
        localize("the input “{}” is {}, which is not on this computer. Download it, and run with "
                 "--set inputs.{}.path=FOLDER, or write that path into the configuration.",
                 name,
                 data.path,
                 name));
}

void add_inputs(const runconfig::CommandJob& job, const fs::path& file, Values& values) {
    for (const auto& [name, input] : job.inputs)
        values["inputs." + name] = input_value(name, input, file);
}

void add_outputs(const runconfig::CommandJob& job,
                 const RunFolder& folder,
                 RunPlan& plan,
                 Values& values) {
    // The folder of every job that is kept.
    values["outputs.default"] = path_value(folder.outputs());
    const auto outputs = job.rest.value("outputs", json::object());
    for (const auto& [name, output] : outputs.items()) {
        if (name == "default") continue;
        const auto place = folder.outputs() / name;
        const bool is_file = same_name(output.value("jobOutputType", ""), "uri_file");
        if (!is_file) plan.folders.push_back(place);
        values["outputs." + name] = path_value(place);
    }
}

std::string conda_text(const runconfig::InlineEnvironment& environment, const fs::path& file) {
    if (environment.conda) return environment.conda->dump();
    if (!environment.conda_path) return {};
    try {
        return runconfig::read_text_file(
            (file.parent_path() / *environment.conda_path).lexically_normal());
    } catch (const Error& error) {
        throw error.with_context("environment.conda_file");
    }
}

execution::EnvironmentPlan environment_of(const runconfig::Environment& environment,
                                          const fs::path& file,
                                          RunPlan& plan) {
    if (const auto* reference = std::get_if<runconfig::AssetReference>(&environment)) {
        throw cannot_be_here(
            localize("what is in the environment {} is known in Azure only. Write its packages "
                     "into the configuration, as \"environment\": {{\"image\": …, "
                     "\"conda_file\": …}}.",
                     reference->text));
    }
    const auto& written = std::get<runconfig::InlineEnvironment>(environment);
    if (written.build) {
        throw cannot_be_here(
            localize("its environment is built by Docker, and here environments are made of "
                     "packages. List them in \"environment\": \"conda_file\"."));
    }
    const auto text = conda_text(written, file);
    if (text.empty()) {
        throw cannot_be_here(
            localize("its environment is the image {} alone, and here environments are made of "
                     "packages. List what the script imports in \"environment\": "
                     "\"conda_file\".",
                     written.image));
    }
    plan.notes.push_back(
        localize("The environment is made of the packages of the conda file; the image {} is not "
                 "used.",
                 written.image));
    return execution::plan_environment(text);
}

platform::Variables variables_of(const runconfig::CommandJob& job,
                                 const RunFolder& folder,
                                 const Values& values) {
    platform::Variables variables{{"MLFLOW_TRACKING_URI", file_uri(folder.store())},
                                  // Without it MLflow 3 refuses its own store in files.
                                  {"MLFLOW_ALLOW_FILE_STORE", "true"},
                                  {"MLFLOW_RUN_ID", folder.name()},
                                  {"MLFLOW_EXPERIMENT_ID", "0"},
                                  {"MLFLOW_DISABLE_ENV_MANAGER_CONDA_WARNING", "True"},
                                  {"PYTHONUNBUFFERED", "True"},
                                  // As in Azure's images, whatever the computer's language is.
                                  {"PYTHONUTF8", "1"}};
    for (const auto& [name, value] : values) {
        const bool is_input = name.starts_with("inputs.");
        variables.emplace_back(
            (is_input ? "AZURE_ML_INPUT_" : "AZURE_ML_OUTPUT_") + name.substr(name.find('.') + 1),
            value.text);
    }
    const auto own = job.rest.value("environmentVariables", json::object());
    for (const auto& [name, value] : own.items())
        if (value.is_string()) variables.emplace_back(name, value.get<std::string>());
    return variables;
}

void note_differences(const runconfig::CommandJob& job, RunPlan& plan) {
    const auto resources = job.rest.value("resources", json::object());
    const auto distribution = job.rest.value("distribution", json::object());
    const bool is_distributed = resources.value("instanceCount", 1) > 1 || !distribution.empty();
    if (is_distributed)
        plan.notes.push_back(localize("The run has one process here, on one node."));
    if (job.rest.value("limits", json::object()).contains("timeout"))
        plan.notes.push_back(localize("Its time limit does not hold here: cancel it yourself."));
}

}  // namespace

RunPlan plan_run(const runconfig::RunConfiguration& configuration, const RunFolder& folder) {
    const auto* job = std::get_if<runconfig::CommandJob>(&configuration.job);
    if (job == nullptr) {
        throw cannot_be_here(
            localize("it is made of several runs. Run a configuration of the type \"command\"."));
    }
    const auto& code = job->program.code;
    if (code && !runconfig::is_local(*code)) {
        throw cannot_be_here(
            localize("its code is {}, which is in Azure. Name a folder in \"code\".", *code));
    }
    RunPlan plan;
    Values values;
    add_inputs(*job, configuration.file, values);
    add_outputs(*job, folder, plan, values);
    const auto lookup = [&](std::string_view name) -> std::optional<Replacement> {
        const auto found = values.find(name);
        if (found == values.end()) return std::nullopt;
        return found->second;
    };
    plan.command = execution::substitute(job->program.command, lookup);
    plan.environment = environment_of(job->program.environment, configuration.file, plan);
    plan.variables = variables_of(*job, folder, values);
    plan.code = runconfig::code_folder(configuration);
    note_differences(*job, plan);
    return plan;
}

}  // namespace aml::local
