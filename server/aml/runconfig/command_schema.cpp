// The public Azure ML CLI v2 commandJob schema as data. Source: CLI (v2) command job YAML schema.
#include "runconfig/document.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/shared_schema.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace aml::runconfig {

namespace {

using namespace types;

constexpr std::array limits_keys{
    KeySchema{.name = "timeout",
              .types = integer,
              .doc = Localizable("Longest running time in seconds; then Azure ML cancels the job."),
              .rest = "timeout",
              .convert = shared::iso_duration,
              .restore = shared::seconds_of,
              .minimum = 1,
              .snippet = "3600"},
};

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
    shared::code_key,
    shared::command_key,
    shared::environment_key,
    shared::environment_variables_key,
    shared::tags_key,
    shared::inputs_key,
    shared::outputs_key,
    shared::resources_key,
    shared::distribution_key,
    shared::command_limits_key,
    shared::queue_settings_key,
    shared::identity_key,
    shared::services_key,
    shared::properties_key,
    KeySchema{.name = "parent_job_name",
              .types = string,
              .doc = Localizable("Run that this one is listed under (preview)."),
              .rest = "parentJobName",
              .preview = true},
    shared::id_key,
    shared::status_key,
    shared::log_files_key,
    shared::creation_context_key,
    KeySchema{.name = "parameters",
              .types = object,
              .doc = Localizable("Set by Azure ML."),
              .object = &shared::anything,
              .read_only = true},
};

}  // namespace

constinit const ObjectSchema shared::command_limits_schema{.keys = limits_keys,
                                                           .marker = {"jobLimitsType", "Command"}};
constinit const ObjectSchema shared::services_schema{.additional = &service_value};

constinit const ObjectSchema command_schema{.keys = command_keys};

}  // namespace aml::runconfig
