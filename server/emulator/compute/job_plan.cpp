#include "compute/job_plan.hpp"

#include "core/seeded_facts.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "execution/placeholders.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <map>

namespace aml::emulator {

namespace {

using Values = std::map<std::string, execution::Replacement, std::less<>>;

const json& object_of(const json& object, std::string_view name) {
    static const auto none = json::object();
    const auto found = object.find(name);
    return found != object.end() && found->is_object() ? *found : none;
}

struct AssetId {
    std::string name;
    std::string version;
};

// `…/{kind}/{name}/versions/{version}` or `azureml:{name}:{version}`.
AssetId parse_asset(std::string_view id, std::string_view kind) {
    const auto lower = to_lower(id);
    const auto start = lower.find(fmt::format("/{}/", kind));
    if (start == std::string::npos) {
        if (id.starts_with("azureml:")) id.remove_prefix(8);
        const auto colon = std::min(id.find(':'), id.size());
        return {std::string(id.substr(0, colon)),
                std::string(id.substr(std::min(colon + 1, id.size())))};
    }
    const auto rest = id.substr(start + kind.size() + 2);
    const auto name = rest.substr(0, rest.find('/'));
    const auto version = rest.rfind('/');
    return {std::string(name),
            version == std::string_view::npos ? "" : std::string(rest.substr(version + 1))};
}

std::optional<StoragePlace> find_code(Context& context,
                                      const Workspace& workspace,
                                      const json& job) {
    const auto id = text_at(job, "codeId");
    if (id.empty()) return std::nullopt;
    const auto asset = parse_asset(id, "codes");
    const auto code =
        context.resources.find(workspace.id, "codes/versions", asset.name, asset.version);
    if (!code)
        throw Error(ErrorKind::NotFound, fmt::format("The code version '{}' does not exist.", id));
    const auto uri = text_at(object_of(code->body, "properties"), "codeUri");
    auto place = find_storage(context, workspace, uri);
    if (!place)
        throw Error(ErrorKind::NotFound,
                    fmt::format("The code at '{}' is not in the emulator.", uri));
    return place;
}

execution::EnvironmentPlan find_environment(Context& context,
                                            const Workspace& workspace,
                                            const json& job) {
    const auto id = text_at(job, "environmentId");
    const auto asset = parse_asset(id, "environments");
    const auto found =
        context.resources.find(workspace.id, "environments/versions", asset.name, asset.version);
    if (!found) return {};
    const auto& properties = object_of(found->body, "properties");
    const auto conda_file = text_at(properties, "condaFile");
    const bool has_image = text_at(properties, "environmentType") == "Curated" ||
                           (conda_file.empty() && object_of(properties, "build").empty());
    if (!has_image && context.store.fact(no_image_builds_fact(workspace.id))) {
        throw Error(
            ErrorKind::Rejected,
            fmt::format("Image build failed: (TasksOperationsNotAllowed) ACR Tasks requests "
                        "for the registry {} and {} are not permitted. Please file an Azure "
                        "support request for assistance.",
                        workspace.name,
                        workspace.subscription));
    }
    return execution::plan_environment(conda_file);
}

bool is_file(const json& description, std::string_view type_member) {
    return same_text(text_at(description, type_member), "uri_file");
}

// With '/' on Windows too: for bash there '\' is no part of a name.
execution::Replacement path_value(const std::filesystem::path& path) {
    return {path.generic_string(), true};
}

// Puts the value of one input into `values`, and what has to be fetched into the plan.
void add_input(Context& context,
               const Workspace& workspace,
               const JobFolders& folders,
               const std::string& name,
               const json& input,
               JobPlan& plan,
               Values& values) {
    auto& value = values["inputs." + name];
    if (same_text(text_at(input, "jobInputType"), "literal")) {
        value.text = text_at(input, "value");
        return;
    }
    const auto uri = text_at(input, "uri");
    auto source = find_storage(context, workspace, uri);
    const bool direct = same_text(text_at(input, "mode"), "Direct");
    if (direct || !source) {
        value.text = uri;
        if (direct) return;
        throw Error(
            ErrorKind::Rejected,
            fmt::format(
                "The input '{}' is at '{}', which the emulator does not store. Upload it to a "
                "datastore, or use the mode Direct.",
                name,
                uri));
    }
    auto target = folders.inputs / name;
    if (is_file(input, "jobInputType")) target /= std::filesystem::path(source->path).filename();
    value = path_value(target);
    plan.inputs.push_back({name, std::move(*source), std::move(target)});
}

void add_output(Context& context,
                const Workspace& workspace,
                const Run& run,
                const JobFolders& folders,
                const std::string& name,
                const json& output,
                JobPlan& plan,
                Values& values) {
    // The artifact folder of the run, which every job has.
    if (name == "default") {
        values["outputs.default"] = path_value(folders.code / "outputs");
        return;
    }
    auto uri = text_at(output, "uri");
    if (uri.empty())
        uri = fmt::format(
            "azureml://datastores/workspaceblobstore/paths/azureml/{}/{}/", run.id, name);
    auto target = find_storage(context, workspace, uri);
    if (!target) {
        throw Error(
            ErrorKind::Rejected,
            fmt::format(
                "The output '{}' goes to '{}', which the emulator does not store.", name, uri));
    }
    auto source = folders.outputs / name;
    if (is_file(output, "jobOutputType")) source /= name;
    values["outputs." + name] = path_value(source);
    plan.outputs.push_back({name, std::move(*target), std::move(source)});
}

// The run acts for the person who submitted it.
Caller caller_of(const Run& run) {
    Caller caller;
    caller.tenant = text_at(run.created_by, "userTenantId");
    caller.object_id = text_at(run.created_by, "userObjectId");
    caller.name = text_at(run.created_by, "userName");
    return caller;
}

// What Azure ML sets in a job's environment, with the addresses of this emulator and a token of its
// own for the run. `MLFLOW_TRACKING_URI` is an http address, so that MLflow's own client works
// without a plug-in.
std::vector<std::pair<std::string, std::string>> job_variables(Context& context,
                                                               const Workspace& workspace,
                                                               const Run& run) {
    const auto now = context.clock.now();
    const auto scope = workspace.arm_id();
    const auto token = context.tokens.issue_run_token(caller_of(run), run.id, now);
    const auto expiry = std::chrono::duration_cast<std::chrono::seconds>(
        (now + TokenService::run_token_lifetime).time_since_epoch());
    const auto experiment = context.runs.find_experiment_by_id(workspace.id, run.experiment_id);
    const auto name = experiment ? experiment->name : "Default";
    std::vector<std::pair<std::string, std::string>> variables{
        {"AZUREML_RUN_ID", run.id},
        {"AZUREML_ROOT_RUN_ID", run.root_id.empty() ? run.id : run.root_id},
        {"AZUREML_ARM_SUBSCRIPTION", workspace.subscription},
        {"AZUREML_ARM_RESOURCEGROUP", workspace.resource_group},
        {"AZUREML_ARM_WORKSPACE_NAME", workspace.name},
        {"AZUREML_ARM_PROJECT_NAME", name},
        {"AZUREML_EXPERIMENT_ID", run.experiment_id},
        {"AZUREML_WORKSPACE_ID", workspace.id},
        {"AZUREML_WORKSPACE_SCOPE", scope},
        {"AZUREML_EXPERIMENT_SCOPE", fmt::format("{}/experiments/{}", scope, name)},
        {"AZUREML_DATA_CONTAINER_ID", "dcid." + run.id},
        {"AZUREML_SERVICE_ENDPOINT", context.base_url},
        {"AZUREML_RUN_HISTORY_SERVICE_ENDPOINT", context.base_url},
        {"AZUREML_DISCOVERY_SERVICE_ENDPOINT", context.base_url + "/discovery"},
        {"AZUREML_RUN_TOKEN", token},
        {"AZUREML_RUN_TOKEN_EXPIRY", std::to_string(expiry.count())},
        {"AZUREML_FRAMEWORK", "Python"},
        {"AZUREML_COMMUNICATOR", "None"},
        {"AZUREML_LOGDIRECTORY_PATH", "azureml-logs/"},
        // Over HTTPS the name that /metadata/endpoints has, which is named below.
        {"AZUREML_CURRENT_CLOUD", context.trusted_file ? "AzureMLEmulator" : "AzureCloud"},
        {"AZUREML_COMPUTE_USE_COMMON_RUNTIME", "true"},
        {"HBI_WORKSPACE_JOB", "false"},
        {"MLFLOW_TRACKING_URI", fmt::format("{}/mlflow/local{}", context.base_url, scope)},
        {"MLFLOW_TRACKING_TOKEN", token},
        {"MLFLOW_RUN_ID", run.id},
        {"MLFLOW_EXPERIMENT_ID", run.experiment_id},
        {"MLFLOW_EXPERIMENT_NAME", name},
        {"MLFLOW_DISABLE_ENV_MANAGER_CONDA_WARNING", "True"},
        {"PYTHONUNBUFFERED", "True"},
        // As in Azure's images, whatever the machine's language is.
        {"PYTHONUTF8", "1"}};
    if (context.trusted_file) {
        for (const auto* variable : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
            variables.emplace_back(variable, context.trusted_file->string());
        // Microsoft's clients learn from it how storage accounts are named here.
        variables.emplace_back("ARM_CLOUD_METADATA_URL",
                               context.base_url + "/metadata/endpoints?api-version=2019-05-01");
    }
    return variables;
}

}  // namespace

JobFolders::JobFolders(std::filesystem::path root_)
    : root(std::move(root_)),
      code(root / "code"),
      inputs(root / "inputs"),
      outputs(root / "outputs"),
      build(root / "build"),
      process(root / "process"),
      programs(root / "programs"),
      build_log(root / "20_image_build_log.txt") {}

JobFolders job_folders(const Context& context,
                       std::string_view workspace_id,
                       std::string_view run_id) {
    return JobFolders(context.state / "jobs" / workspace_id / run_id);
}

JobPlan plan_job(Context& context,
                 const Workspace& workspace,
                 const Run& run,
                 const JobFolders& folders) {
    JobPlan plan;
    Values values;
    plan.code = find_code(context, workspace, run.job);
    plan.environment = find_environment(context, workspace, run.job);
    const auto& inputs = object_of(run.job, "inputs");
    for (const auto& [name, input] : inputs.items()) {
        add_input(context, workspace, folders, name, input, plan, values);
    }
    const auto& outputs = object_of(run.job, "outputs");
    for (const auto& [name, output] : outputs.items()) {
        add_output(context, workspace, run, folders, name, output, plan, values);
    }
    const auto lookup = [&](std::string_view name) -> std::optional<execution::Replacement> {
        const auto found = values.find(name);
        if (found == values.end()) return std::nullopt;
        return found->second;
    };
    plan.command = execution::substitute(text_at(run.job, "command"), lookup);
    plan.variables = job_variables(context, workspace, run);
    for (const auto& [name, value] : values) {
        const bool input = name.starts_with("inputs.");
        const auto bare = name.substr(name.find('.') + 1);
        plan.variables.emplace_back((input ? "AZURE_ML_INPUT_" : "AZURE_ML_OUTPUT_") + bare,
                                    value.text);
    }
    const auto& variables = object_of(run.job, "environmentVariables");
    for (const auto& [name, value] : variables.items()) {
        if (value.is_string()) plan.variables.emplace_back(name, value.get<std::string>());
    }
    plan.processes = plan_ranks(run.job);
    plan.timeout = parse_iso_duration(text_at(object_of(run.job, "limits"), "timeout"));
    return plan;
}

}  // namespace aml::emulator
