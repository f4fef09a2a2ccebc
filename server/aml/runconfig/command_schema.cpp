// The public Azure ML CLI v2 commandJob schema as data. Source: CLI (v2) command job YAML schema.
#include "runconfig/document.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/shared_schema.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace aml::runconfig {

namespace {

using namespace types;

constexpr std::array distribution_types{
    EnumValue{"pytorch", Localizable("PyTorch's own launcher."), "PyTorch"},
    EnumValue{"mpi", Localizable("MPI, for example for Horovod or DeepSpeed."), "Mpi"},
    EnumValue{
        "tensorflow", Localizable("TensorFlow with workers and parameter servers."), "TensorFlow"},
    EnumValue{"ray", Localizable("Ray (preview)."), "Ray", true},
};

constexpr std::array distribution_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("How the processes find each other."),
              .rest = "distributionType",
              .required = true,
              .values = distribution_types},
    KeySchema{.name = "process_count_per_instance",
              .types = integer,
              .doc = Localizable("Processes on each node, usually one per GPU."),
              .rest = "processCountPerInstance",
              .minimum = 1,
              .only_for = "mpi pytorch",
              .snippet = "1"},
    KeySchema{.name = "worker_count",
              .types = integer,
              .doc = Localizable("Number of workers. Default: the number of nodes."),
              .rest = "workerCount",
              .minimum = 0,
              .only_for = "tensorflow"},
    KeySchema{.name = "parameter_server_count",
              .types = integer,
              .doc = Localizable("Number of parameter servers. Default: 0."),
              .rest = "parameterServerCount",
              .minimum = 0,
              .only_for = "tensorflow"},
    KeySchema{.name = "address",
              .types = string,
              .doc = Localizable("Address of an existing Ray cluster."),
              .rest = "address",
              .only_for = "ray"},
    KeySchema{.name = "port",
              .types = integer,
              .doc = Localizable("Port of the Ray head process."),
              .rest = "port",
              .only_for = "ray"},
    KeySchema{.name = "dashboard_port",
              .types = integer,
              .doc = Localizable("Port of the Ray dashboard."),
              .rest = "dashboardPort",
              .only_for = "ray"},
    KeySchema{.name = "include_dashboard",
              .types = boolean,
              .doc = Localizable("Whether the Ray dashboard is started."),
              .rest = "includeDashboard",
              .only_for = "ray"},
    KeySchema{.name = "head_node_additional_args",
              .types = string,
              .doc = Localizable("Extra arguments of `ray start` on the head node."),
              .rest = "headNodeAdditionalArgs",
              .only_for = "ray"},
    KeySchema{.name = "worker_node_additional_args",
              .types = string,
              .doc = Localizable("Extra arguments of `ray start` on the other nodes."),
              .rest = "workerNodeAdditionalArgs",
              .only_for = "ray"},
};
constexpr ObjectSchema distribution_schema{.keys = distribution_keys};

/// Seconds as ISO 8601, the form Azure ML takes.
nlohmann::json iso_duration(const Node& value) {
    return "PT" + value.text + "S";
}

constexpr std::int64_t most_seconds = 1'000'000'000;

/// Azure ML writes the same time as it likes: "PT1H", "P1DT30S".
nlohmann::json seconds_of(const nlohmann::json& value) {
    const auto text = value.is_string() ? value.get<std::string>() : std::string();
    std::int64_t seconds = 0;
    std::int64_t number = 0;
    bool is_time = false;
    for (const char letter : text) {
        if (letter >= '0' && letter <= '9') {
            number = std::min<std::int64_t>(number * 10 + (letter - '0'), most_seconds);
            continue;
        }
        const std::int64_t unit = letter == 'D'              ? 86'400
                                  : letter == 'H'            ? 3'600
                                  : letter == 'M' && is_time ? 60
                                  : letter == 'S'            ? 1
                                                             : 0;
        is_time = is_time || letter == 'T';
        seconds += number * unit;
        number = 0;
    }
    return seconds;
}

constexpr std::array limits_keys{
    KeySchema{.name = "timeout",
              .types = integer,
              .doc = Localizable("Longest running time in seconds; then Azure ML cancels the job."),
              .rest = "timeout",
              .convert = iso_duration,
              .restore = seconds_of,
              .minimum = 1,
              .snippet = "3600"},
};
constexpr ObjectSchema limits_schema{.keys = limits_keys, .marker = {"jobLimitsType", "Command"}};

constexpr std::array service_types{
    EnumValue{"jupyter_lab", Localizable("JupyterLab in the browser."), "JupyterLab"},
    EnumValue{"ssh", Localizable("A shell over SSH; needs `ssh_public_keys`."), "SSH"},
    EnumValue{"tensor_board",
              Localizable("TensorBoard; `log_dir` says where the logs are."),
              "TensorBoard"},
    EnumValue{"vs_code", Localizable("VS Code attached to the job."), "VSCode"},
    EnumValue{"custom", Localizable("A program of your own on `port`."), "Custom"},
};
constexpr std::array node_values{
    EnumValue{"all", Localizable("On every node, not only the first.")}};

/// The one value there is: all nodes.
nlohmann::json nodes_value(const Node&) {
    return {{"nodesValueType", "All"}};
}

nlohmann::json nodes_word(const nlohmann::json&) {
    return "all";
}

constexpr std::array service_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("Which program."),
              .rest = "jobServiceType",
              .values = service_types},
    KeySchema{.name = "job_service_type",
              .types = string,
              .doc = Localizable("Older spelling of `type`."),
              .rest = "jobServiceType",
              .values = service_types},
    KeySchema{.name = "port",
              .types = integer,
              .doc = Localizable("Port the program listens on."),
              .rest = "port",
              .minimum = 1},
    KeySchema{.name = "nodes",
              .types = string,
              .doc = Localizable("Default: the first node only."),
              .rest = "nodes",
              .convert = nodes_value,
              .restore = nodes_word,
              .values = node_values},
    KeySchema{.name = "ssh_public_keys",
              .types = string,
              .doc = Localizable("Public key that may log in."),
              .rest = "properties/sshPublicKeys",
              .only_for = "ssh"},
    KeySchema{.name = "log_dir",
              .types = string,
              .doc = Localizable("Folder of TensorBoard's logs."),
              .rest = "properties/logDir",
              .only_for = "tensor_board"},
    KeySchema{.name = "properties",
              .types = object,
              .doc = Localizable("Settings of the program's own."),
              .rest = "properties",
              .object = &shared::text_map},
    KeySchema{.name = "endpoint",
              .types = string,
              .doc = Localizable("Set by Azure ML."),
              .read_only = true},
    KeySchema{.name = "status",
              .types = string,
              .doc = Localizable("Set by Azure ML."),
              .read_only = true},
    KeySchema{.name = "error_message",
              .types = string,
              .doc = Localizable("Set by Azure ML."),
              .read_only = true},
};
constexpr ObjectSchema service_schema{.keys = service_keys};
constexpr KeySchema service_value{.name = "*",
                                  .types = object,
                                  .doc = Localizable("An interactive service."),
                                  .object = &service_schema};
constexpr ObjectSchema services_schema{.additional = &service_value};

constexpr KeySchema variable_value{.name = "*",
                                   .types = string | number | boolean,
                                   .doc = Localizable("A text; what is none is sent as one.")};
constexpr ObjectSchema variables_schema{.additional = &variable_value};

constexpr std::array command_types{
    EnumValue{"command", Localizable("Runs one command on a compute.")}};

constexpr std::array command_keys{
    shared::schema_key("\"https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\""),
    shared::type_key(command_types),
    shared::name_key,
    shared::experiment_name_key,
    shared::display_name_key,
    shared::description_key,
    shared::compute_key,
    KeySchema{
        .name = "code",
        .types = string,
        .doc = Localizable("Folder to upload, relative to this file; the command starts in it."),
        .snippet = "\".\""},
    KeySchema{.name = "command",
              .types = string,
              .doc = Localizable(
                  "What to run. `${{inputs.<name>}}` and `${{outputs.<name>}}` are replaced by "
                  "values and paths."),
              .required = true,
              .meaning = Meaning::CommandLine,
              .snippet = "\"python train.py\""},
    KeySchema{
        .name = "environment",
        .types = string | object,
        .doc = Localizable(
            "Python and the packages: an environment of the workspace (`azureml:<name>:<version>`, "
            "`azureml:<name>@latest`), of a registry "
            "(`azureml://registries/azureml/environments/<name>/versions/<version>`), "
            "or one written here (`image` with `conda_file`, or `build`)."),
        .required = true,
        .object = &environment_schema,
        .meaning = Meaning::EnvironmentReference},
    KeySchema{.name = "environment_variables",
              .types = object,
              .doc = Localizable("Environment variables of the command."),
              .rest = "environmentVariables",
              .object = &variables_schema},
    shared::tags_key,
    KeySchema{.name = "inputs",
              .types = object,
              .doc = Localizable("Values and data that the command uses as `${{inputs.<name>}}`."),
              .object = &shared::inputs_schema},
    KeySchema{
        .name = "outputs",
        .types = object,
        .doc = Localizable("Folders and files that the command writes, as `${{outputs.<name>}}`."),
        .rest = "outputs",
        .object = &shared::outputs_schema},
    KeySchema{.name = "resources",
              .types = object,
              .doc = Localizable("Nodes, machine size and container settings."),
              .rest = "resources",
              .object = &shared::resources_schema},
    KeySchema{.name = "distribution",
              .types = object,
              .doc = Localizable("Training on several processes or nodes."),
              .rest = "distribution",
              .object = &distribution_schema},
    KeySchema{.name = "limits",
              .types = object,
              .doc = Localizable("When the job is stopped."),
              .rest = "limits",
              .object = &limits_schema,
              .snippet = "{ \"timeout\": 3600 }"},
    KeySchema{.name = "queue_settings",
              .types = object,
              .doc = Localizable("Tier and priority."),
              .rest = "queueSettings",
              .object = &shared::queue_schema},
    KeySchema{.name = "identity",
              .types = object,
              .doc = Localizable("Whose rights the job uses for data."),
              .rest = "identity",
              .object = &shared::identity_schema},
    KeySchema{.name = "services",
              .types = object,
              .doc = Localizable("Programs to work with the job while it runs."),
              .rest = "services",
              .object = &services_schema},
    KeySchema{
        .name = "properties",
        .types = object,
        .doc = Localizable("Properties of the run; unlike tags they cannot be changed later."),
        .rest = "properties",
        .object = &shared::tag_map},
    KeySchema{.name = "parent_job_name",
              .types = string,
              .doc = Localizable("Run that this one is listed under (preview)."),
              .rest = "parentJobName",
              .preview = true},
    KeySchema{
        .name = "id", .types = string, .doc = Localizable("Set by Azure ML."), .read_only = true},
    KeySchema{.name = "status",
              .types = string,
              .doc = Localizable("Set by Azure ML."),
              .read_only = true},
    KeySchema{.name = "log_files",
              .types = object,
              .doc = Localizable("Set by Azure ML."),
              .object = &shared::anything,
              .read_only = true},
    KeySchema{.name = "creation_context",
              .types = object,
              .doc = Localizable("Set by Azure ML."),
              .object = &shared::anything,
              .read_only = true},
    KeySchema{.name = "parameters",
              .types = object,
              .doc = Localizable("Set by Azure ML."),
              .object = &shared::anything,
              .read_only = true},
};

}  // namespace

constinit const ObjectSchema command_schema{.keys = command_keys};

}  // namespace aml::runconfig
