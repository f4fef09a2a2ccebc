#include "compute/job_variables.hpp"

#include <fmt/format.h>

namespace aml::emulator {

namespace {

constexpr std::chrono::hours token_lifetime{21 * 24};

// The run acts for the person who submitted it.
Caller caller_of(const Run& run) {
    Caller caller;
    caller.tenant = text_at(run.created_by, "userTenantId");
    caller.object_id = text_at(run.created_by, "userObjectId");
    caller.name = text_at(run.created_by, "userName");
    return caller;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> job_variables(Context& context,
                                                               const Workspace& workspace,
                                                               const Run& run) {
    const auto now = context.clock.now();
    const auto scope = workspace.arm_id();
    const auto token = context.tokens.issue_run_token(caller_of(run), run.id, now);
    const auto expiry =
        std::chrono::duration_cast<std::chrono::seconds>((now + token_lifetime).time_since_epoch());
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
        {"AZUREML_CURRENT_CLOUD", "AzureCloud"},
        {"AZUREML_COMPUTE_USE_COMMON_RUNTIME", "true"},
        {"HBI_WORKSPACE_JOB", "false"},
        {"MLFLOW_TRACKING_URI", fmt::format("{}/mlflow/local{}", context.base_url, scope)},
        {"MLFLOW_TRACKING_TOKEN", token},
        {"MLFLOW_RUN_ID", run.id},
        {"MLFLOW_EXPERIMENT_ID", run.experiment_id},
        {"MLFLOW_EXPERIMENT_NAME", name},
        {"MLFLOW_DISABLE_ENV_MANAGER_CONDA_WARNING", "True"},
        {"PYTHONUNBUFFERED", "True"}};
    if (context.trusted_file) {
        for (const auto* variable : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
            variables.emplace_back(variable, context.trusted_file->string());
    }
    return variables;
}

}  // namespace aml::emulator
