// The public Azure ML CLI v2 commandJob schema as data. Source: CLI (v2) command job YAML schema.
#include "runconfig/schema_parts.hpp"

#include <array>

namespace aml::runconfig {

namespace {

using namespace types;

// --- inputs and outputs
// -----------------------------------------------------------------------------------------------

constexpr std::array input_types{
    EnumValue{"uri_folder", Localizable("A folder (the default).")},
    EnumValue{"uri_file", Localizable("One file.")},
    EnumValue{"mltable", Localizable("A table described by an MLTable file.")},
    EnumValue{"mlflow_model", Localizable("A model in MLflow's format.")},
    EnumValue{"custom_model", Localizable("A model in a format of your own.")},
    EnumValue{"triton_model", Localizable("A model for the Triton server.")},
};

constexpr std::array input_modes{
    EnumValue{"ro_mount", Localizable("Mounted, read only (the default).")},
    EnumValue{"download", Localizable("Copied to the node before the command starts.")},
    EnumValue{"direct", Localizable("The command gets the address and reads the data itself.")},
    EnumValue{"eval_mount",
              Localizable("MLTable only: the table is evaluated and its files are mounted.")},
    EnumValue{"eval_download",
              Localizable("MLTable only: the table is evaluated and its files are copied.")},
    EnumValue{"rw_mount", Localizable("Mounted, can be written to.")},
};

constexpr std::array input_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("What the input is."),
              .values = input_types},
    KeySchema{.name = "path",
              .types = string,
              .doc = Localizable(
                  "Where the data is: `azureml://datastores/<store>/paths/<path>`, `https://…`, "
                  "a data asset "
                  "(`azureml:<name>:<version>`, `azureml:<name>@latest`), or a path relative to "
                  "this file, which is uploaded."),
              .meaning = Meaning::InputPath},
    KeySchema{.name = "mode",
              .types = string,
              .doc = Localizable("How the data reaches the command."),
              .values = input_modes},
    KeySchema{.name = "path_on_compute",
              .types = string,
              .doc = Localizable("Where the node puts the data, as `file:<path>` (preview)."),
              .preview = true},
    KeySchema{.name = "datastore",
              .types = string,
              .doc = Localizable("Datastore that a local path is uploaded to.")},
    KeySchema{.name = "description", .types = string, .doc = Localizable("What the input is for.")},
    KeySchema{.name = "value",
              .types = string | number | boolean,
              .doc = Localizable("The value of a literal input in long form.")},
};
constexpr ObjectSchema input_schema{.name = "input", .keys = input_keys};
constexpr KeySchema input_value{
    .name = "*",
    .types = string | number | boolean | object,
    .doc = Localizable("A value, or an object that says where data is."),
    .object = &input_schema};
constexpr ObjectSchema inputs_schema{.name = "inputs", .additional = &input_value};

constexpr std::array output_types{
    EnumValue{"uri_folder", Localizable("A folder (the default).")},
    EnumValue{"uri_file", Localizable("One file.")},
    EnumValue{"mltable", Localizable("A table described by an MLTable file.")},
    EnumValue{"mlflow_model", Localizable("A model in MLflow's format.")},
    EnumValue{"custom_model", Localizable("A model in a format of your own.")},
    EnumValue{"triton_model", Localizable("A model for the Triton server.")},
};

constexpr std::array output_modes{
    EnumValue{"rw_mount", Localizable("Written straight to the storage (the default).")},
    EnumValue{"mount", Localizable("The same as rw_mount.")},
    EnumValue{"upload", Localizable("Written to the node and uploaded at the end.")},
    EnumValue{"direct", Localizable("The command gets the address and writes the data itself.")},
};

constexpr std::array output_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("What the output is."),
              .values = output_types},
    KeySchema{
        .name = "path",
        .types = string,
        .doc = Localizable(
            "Where it is stored. Default: a place of the run's own in the workspace's storage.")},
    KeySchema{.name = "mode",
              .types = string,
              .doc = Localizable("How it gets there."),
              .values = output_modes},
    KeySchema{.name = "name",
              .types = string,
              .doc = Localizable("Registers the output under this name as a data asset or model.")},
    KeySchema{
        .name = "version",
        .types = string | integer,
        .doc = Localizable("Version of the registered asset (preview). Default: the next one."),
        .preview = true},
    KeySchema{
        .name = "description", .types = string, .doc = Localizable("What the output is for.")},
};
constexpr ObjectSchema output_schema{.name = "output", .keys = output_keys};
constexpr KeySchema output_value{
    .name = "*",
    .types = object | null,
    .doc = Localizable("An output; an empty object is a folder in the workspace's storage."),
    .object = &output_schema};
constexpr ObjectSchema outputs_schema{.name = "outputs", .additional = &output_value};

// --- resources, distribution, limits, queue
// ---------------------------------------------------------------------------

constexpr std::array resources_keys{
    KeySchema{.name = "instance_count",
              .types = integer,
              .doc = Localizable("Number of nodes. Default: 1."),
              .minimum = 1,
              .snippet = "1"},
    KeySchema{.name = "instance_type",
              .types = string,
              .doc = Localizable("Machine size; for serverless and Kubernetes computes.")},
    KeySchema{
        .name = "shm_size",
        .types = string,
        .doc = Localizable(
            "Shared memory of the container: a number and `b`, `k`, `m` or `g`. Default: `2g`."),
        .snippet = "\"2g\""},
    KeySchema{.name = "docker_args",
              .types = string | array,
              .doc = Localizable("Extra arguments of `docker run`."),
              .items = string},
    KeySchema{.name = "locations",
              .types = array,
              .doc = Localizable("Regions the job may run in."),
              .items = string},
    KeySchema{.name = "max_instance_count",
              .types = integer,
              .doc = Localizable("Most nodes of an elastic job."),
              .minimum = 1},
    KeySchema{.name = "properties",
              .types = object,
              .doc = Localizable("Settings of the compute's own."),
              .object = &anything},
};
constexpr ObjectSchema resources_schema{.name = "resources", .keys = resources_keys};

constexpr std::array distribution_types{
    EnumValue{"pytorch", Localizable("PyTorch's own launcher.")},
    EnumValue{"mpi", Localizable("MPI, for example for Horovod or DeepSpeed.")},
    EnumValue{"tensorflow", Localizable("TensorFlow with workers and parameter servers.")},
    EnumValue{"ray", Localizable("Ray (preview)."), true},
};

constexpr std::array distribution_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("How the processes find each other."),
              .required = true,
              .values = distribution_types},
    KeySchema{.name = "process_count_per_instance",
              .types = integer,
              .doc = Localizable("Processes on each node, usually one per GPU."),
              .minimum = 1,
              .only_for = "mpi pytorch",
              .snippet = "1"},
    KeySchema{.name = "worker_count",
              .types = integer,
              .doc = Localizable("Number of workers. Default: the number of nodes."),
              .minimum = 0,
              .only_for = "tensorflow"},
    KeySchema{.name = "parameter_server_count",
              .types = integer,
              .doc = Localizable("Number of parameter servers. Default: 0."),
              .minimum = 0,
              .only_for = "tensorflow"},
    KeySchema{.name = "address",
              .types = string,
              .doc = Localizable("Address of an existing Ray cluster."),
              .only_for = "ray"},
    KeySchema{.name = "port",
              .types = integer,
              .doc = Localizable("Port of the Ray head process."),
              .only_for = "ray"},
    KeySchema{.name = "dashboard_port",
              .types = integer,
              .doc = Localizable("Port of the Ray dashboard."),
              .only_for = "ray"},
    KeySchema{.name = "include_dashboard",
              .types = boolean,
              .doc = Localizable("Whether the Ray dashboard is started."),
              .only_for = "ray"},
    KeySchema{.name = "head_node_additional_args",
              .types = string,
              .doc = Localizable("Extra arguments of `ray start` on the head node."),
              .only_for = "ray"},
    KeySchema{.name = "worker_node_additional_args",
              .types = string,
              .doc = Localizable("Extra arguments of `ray start` on the other nodes."),
              .only_for = "ray"},
};
constexpr ObjectSchema distribution_schema{.name = "distribution", .keys = distribution_keys};

constexpr std::array limits_keys{
    KeySchema{.name = "timeout",
              .types = integer,
              .doc = Localizable("Longest running time in seconds; then Azure ML cancels the job."),
              .minimum = 1,
              .snippet = "3600"},
};
constexpr ObjectSchema limits_schema{.name = "limits", .keys = limits_keys};

constexpr std::array job_tiers{
    EnumValue{"spot", Localizable("Cheap, may be interrupted.")},
    EnumValue{"basic", Localizable("Starts when there is room.")},
    EnumValue{"standard", Localizable("Guaranteed quota.")},
    EnumValue{"premium", Localizable("Before all others.")},
    EnumValue{"null", Localizable("The compute's default.")},
};
constexpr std::array priorities{
    EnumValue{"low", Localizable("After others of the tier.")},
    EnumValue{"medium", Localizable("The default.")},
    EnumValue{"high", Localizable("Before others of the tier.")},
};
constexpr std::array queue_keys{
    KeySchema{.name = "job_tier",
              .types = string,
              .doc = Localizable("How soon and how safely the job runs."),
              .values = job_tiers},
    KeySchema{.name = "priority",
              .types = string,
              .doc = Localizable("Order within the tier (preview)."),
              .values = priorities,
              .preview = true},
};
constexpr ObjectSchema queue_schema{.name = "queue_settings", .keys = queue_keys};

// --- identity and services
// --------------------------------------------------------------------------------------------

constexpr std::array identity_types{
    EnumValue{"user_identity",
              Localizable("Data is read and written with the rights of whoever submits.")},
    EnumValue{"managed",
              Localizable("The managed identity of the compute, or the one named here.")},
    EnumValue{"managed_identity", Localizable("The same as managed.")},
    EnumValue{"aml_token", Localizable("The workspace's own token (the default).")},
};
constexpr std::array identity_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("Whose rights the job uses for data."),
              .required = true,
              .values = identity_types},
    KeySchema{.name = "client_id",
              .types = string,
              .doc = Localizable("Client id of a user-assigned identity."),
              .only_for = "managed managed_identity"},
    KeySchema{.name = "object_id",
              .types = string,
              .doc = Localizable("Object id of a user-assigned identity."),
              .only_for = "managed managed_identity"},
    KeySchema{.name = "msi_resource_id",
              .types = string,
              .doc = Localizable("ARM id of a user-assigned identity."),
              .only_for = "managed managed_identity"},
};
constexpr ObjectSchema identity_schema{.name = "identity", .keys = identity_keys};

constexpr std::array service_types{
    EnumValue{"jupyter_lab", Localizable("JupyterLab in the browser.")},
    EnumValue{"ssh", Localizable("A shell over SSH; needs `ssh_public_keys`.")},
    EnumValue{"tensor_board", Localizable("TensorBoard; `log_dir` says where the logs are.")},
    EnumValue{"vs_code", Localizable("VS Code attached to the job.")},
    EnumValue{"custom", Localizable("A program of your own on `port`.")},
};
constexpr std::array node_values{
    EnumValue{"all", Localizable("On every node, not only the first.")}};
constexpr std::array service_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("Which program."),
              .values = service_types},
    KeySchema{.name = "job_service_type",
              .types = string,
              .doc = Localizable("Older spelling of `type`."),
              .values = service_types},
    KeySchema{.name = "port",
              .types = integer,
              .doc = Localizable("Port the program listens on."),
              .minimum = 1},
    KeySchema{.name = "nodes",
              .types = string,
              .doc = Localizable("Default: the first node only."),
              .values = node_values},
    KeySchema{.name = "ssh_public_keys",
              .types = string,
              .doc = Localizable("Public key that may log in."),
              .only_for = "ssh"},
    KeySchema{.name = "log_dir",
              .types = string,
              .doc = Localizable("Folder of TensorBoard's logs."),
              .only_for = "tensor_board"},
    KeySchema{.name = "properties",
              .types = object,
              .doc = Localizable("Settings of the program's own."),
              .object = &text_map},
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
constexpr ObjectSchema service_schema{.name = "service", .keys = service_keys};
constexpr KeySchema service_value{.name = "*",
                                  .types = object,
                                  .doc = Localizable("An interactive service."),
                                  .object = &service_schema};
constexpr ObjectSchema services_schema{.name = "services", .additional = &service_value};

// --- the job
// ----------------------------------------------------------------------------------------------------------

constexpr std::array job_types{EnumValue{"command", Localizable("Runs one command on a compute.")}};

constexpr std::array job_keys{
    KeySchema{.name = "$schema",
              .types = string,
              .doc = Localizable("Address of the public schema of this file."),
              .snippet = "\"https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\""},
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("The kind of job."),
              .values = job_types},
    KeySchema{.name = "name",
              .types = string,
              .doc = Localizable(
                  "Id of the run, unique in the workspace. Leave it out: a fresh one is chosen "
                  "for every run, and a name that "
                  "exists already would not run again.")},
    KeySchema{.name = "experiment_name",
              .types = string,
              .doc = Localizable(
                  "Experiment that the run is filed under; it is made when it does not exist yet. "
                  "Default: the name of the folder that this file is in."),
              .meaning = Meaning::ExperimentName},
    KeySchema{.name = "display_name",
              .types = string,
              .doc = Localizable("Name of the run as shown in lists. Need not be unique.")},
    KeySchema{
        .name = "description", .types = string, .doc = Localizable("What this run is about.")},
    KeySchema{.name = "compute",
              .types = string,
              .doc = Localizable("Compute target of the workspace: `azureml:<name>`. Left out (or "
                                 "`serverless`): Azure ML chooses the machines."),
              .meaning = Meaning::ComputeTarget},
    KeySchema{
        .name = "code",
        .types = string,
        .doc = Localizable("Folder to upload, relative to this file; the command starts in it."),
        .meaning = Meaning::CodeFolder,
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
              .object = &text_map},
    KeySchema{.name = "tags",
              .types = object,
              .doc = Localizable("Tags of the run, to find it by."),
              .object = &tag_map},
    KeySchema{.name = "inputs",
              .types = object,
              .doc = Localizable("Values and data that the command uses as `${{inputs.<name>}}`."),
              .object = &inputs_schema},
    KeySchema{
        .name = "outputs",
        .types = object,
        .doc = Localizable("Folders and files that the command writes, as `${{outputs.<name>}}`."),
        .object = &outputs_schema},
    KeySchema{.name = "resources",
              .types = object,
              .doc = Localizable("Nodes, machine size and container settings."),
              .object = &resources_schema},
    KeySchema{.name = "distribution",
              .types = object,
              .doc = Localizable("Training on several processes or nodes."),
              .object = &distribution_schema},
    KeySchema{.name = "limits",
              .types = object,
              .doc = Localizable("When the job is stopped."),
              .object = &limits_schema,
              .snippet = "{ \"timeout\": 3600 }"},
    KeySchema{.name = "queue_settings",
              .types = object,
              .doc = Localizable("Tier and priority."),
              .object = &queue_schema},
    KeySchema{.name = "identity",
              .types = object,
              .doc = Localizable("Whose rights the job uses for data."),
              .object = &identity_schema},
    KeySchema{.name = "services",
              .types = object,
              .doc = Localizable("Programs to work with the job while it runs."),
              .object = &services_schema},
    KeySchema{
        .name = "properties",
        .types = object,
        .doc = Localizable("Properties of the run; unlike tags they cannot be changed later."),
        .object = &tag_map},
    KeySchema{.name = "parent_job_name",
              .types = string,
              .doc = Localizable("Run that this one is listed under (preview)."),
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
              .object = &anything,
              .read_only = true},
    KeySchema{.name = "creation_context",
              .types = object,
              .doc = Localizable("Set by Azure ML."),
              .object = &anything,
              .read_only = true},
    KeySchema{.name = "parameters",
              .types = object,
              .doc = Localizable("Set by Azure ML."),
              .object = &anything,
              .read_only = true},
};
constexpr ObjectSchema job_schema{.name = "command job", .keys = job_keys};

}  // namespace

const ObjectSchema& command_job_schema() {
    return job_schema;
}

}  // namespace aml::runconfig
