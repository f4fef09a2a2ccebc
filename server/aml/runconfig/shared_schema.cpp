// The groups of keys that jobs of several types have. Source: CLI (v2) command job YAML schema.
#include "runconfig/shared_schema.hpp"

#include "runconfig/document.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace aml::runconfig {

namespace {

using namespace types;

constexpr std::array data_types{
    EnumValue{"uri_folder", Localizable("A folder (the default).")},
    EnumValue{"uri_file", Localizable("One file.")},
    EnumValue{"mltable", Localizable("A table described by an MLTable file.")},
    EnumValue{"mlflow_model", Localizable("A model in MLflow's format.")},
    EnumValue{"custom_model", Localizable("A model in a format of your own.")},
    EnumValue{"triton_model", Localizable("A model for the Triton server.")},
};

constexpr std::array input_modes{
    EnumValue{"ro_mount", Localizable("Mounted, read only (the default)."), "ReadOnlyMount"},
    EnumValue{"download", Localizable("Copied to the node before the command starts."), "Download"},
    EnumValue{
        "direct", Localizable("The command gets the address and reads the data itself."), "Direct"},
    EnumValue{"eval_mount",
              Localizable("MLTable only: the table is evaluated and its files are mounted."),
              "EvalMount"},
    EnumValue{"eval_download",
              Localizable("MLTable only: the table is evaluated and its files are copied."),
              "EvalDownload"},
    EnumValue{"rw_mount", Localizable("Mounted, can be written to."), "ReadWriteMount"},
};

constexpr std::array input_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("What the input is."),
              .rest = "jobInputType",
              .implied = "uri_folder",
              .values = data_types},
    KeySchema{.name = "path",
              .types = string,
              .doc = Localizable(
                  "Where the data is: `azureml://datastores/<store>/paths/<path>`, `https://…`, "
                  "a data asset "
                  "(`azureml:<name>:<version>`, `azureml:<name>@latest`), or a path relative to "
                  "this file, which is uploaded."),
              .meaning = Meaning::DataReference},
    KeySchema{.name = "mode",
              .types = string,
              .doc = Localizable("How the data reaches the command."),
              .rest = "mode",
              .values = input_modes},
    KeySchema{.name = "path_on_compute",
              .types = string,
              .doc = Localizable("Where the node puts the data, as `file:<path>` (preview)."),
              .rest = "pathOnCompute",
              .preview = true},
    KeySchema{.name = "datastore",
              .types = string,
              .doc = Localizable("Datastore that a local path is uploaded to.")},
    KeySchema{.name = "description",
              .types = string,
              .doc = Localizable("What the input is for."),
              .rest = "description"},
    KeySchema{.name = "value",
              .types = string | number | boolean,
              .doc = Localizable("The value of a literal input in long form.")},
};
constexpr KeySchema input_value{
    .name = "*",
    .types = string | number | boolean | object,
    .doc = Localizable("A value, or an object that says where data is."),
    .object = &shared::input_schema};

constexpr std::array output_modes{
    EnumValue{"rw_mount",
              Localizable("Written straight to the storage (the default)."),
              "ReadWriteMount"},
    EnumValue{"mount", Localizable("The same as rw_mount."), "ReadWriteMount"},
    EnumValue{"upload", Localizable("Written to the node and uploaded at the end."), "Upload"},
    EnumValue{"direct",
              Localizable("The command gets the address and writes the data itself."),
              "Direct"},
};

constexpr std::array output_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("What the output is."),
              .rest = "jobOutputType",
              .implied = "uri_folder",
              .values = data_types},
    KeySchema{
        .name = "path",
        .types = string,
        .doc = Localizable(
            "Where it is stored. Default: a place of the run's own in the workspace's storage."),
        .rest = "uri"},
    KeySchema{.name = "mode",
              .types = string,
              .doc = Localizable("How it gets there."),
              .rest = "mode",
              .values = output_modes},
    KeySchema{.name = "name",
              .types = string,
              .doc = Localizable("Registers the output under this name as a data asset or model."),
              .rest = "assetName"},
    KeySchema{
        .name = "version",
        .types = string | integer,
        .doc = Localizable("Version of the registered asset (preview). Default: the next one."),
        .rest = "assetVersion",
        .preview = true},
    KeySchema{.name = "description",
              .types = string,
              .doc = Localizable("What the output is for."),
              .rest = "description"},
};
constexpr KeySchema output_value{
    .name = "*",
    .types = object | null,
    .doc = Localizable("An output; an empty object is a folder in the workspace's storage."),
    .object = &shared::output_schema};

constexpr std::array resources_keys{
    KeySchema{.name = "instance_count",
              .types = integer,
              .doc = Localizable("Number of nodes. Default: 1."),
              .rest = "instanceCount",
              .minimum = 1,
              .snippet = "1"},
    KeySchema{.name = "instance_type",
              .types = string,
              .doc = Localizable("Machine size; for serverless and Kubernetes computes."),
              .rest = "instanceType"},
    KeySchema{
        .name = "shm_size",
        .types = string,
        .doc = Localizable(
            "Shared memory of the container: a number and `b`, `k`, `m` or `g`. Default: `2g`."),
        .rest = "shmSize",
        .snippet = "\"2g\""},
    KeySchema{.name = "docker_args",
              .types = string | array,
              .doc = Localizable("Extra arguments of `docker run`."),
              .rest = "dockerArgs",
              .rest_of_list = "dockerArgsList",
              .items = string},
    KeySchema{.name = "locations",
              .types = array,
              .doc = Localizable("Regions the job may run in."),
              .rest = "locations",
              .items = string},
    KeySchema{.name = "max_instance_count",
              .types = integer,
              .doc = Localizable("Most nodes of an elastic job."),
              .rest = "maxInstanceCount",
              .minimum = 1},
    KeySchema{.name = "properties",
              .types = object,
              .doc = Localizable("Settings of the compute's own."),
              .rest = "properties",
              .object = &shared::anything},
};

constexpr std::array job_tiers{
    EnumValue{"spot", Localizable("Cheap, may be interrupted."), "Spot"},
    EnumValue{"basic", Localizable("Starts when there is room."), "Basic"},
    EnumValue{"standard", Localizable("Guaranteed quota."), "Standard"},
    EnumValue{"premium", Localizable("Before all others."), "Premium"},
    EnumValue{"null", Localizable("The compute's default."), "Null"},
};
constexpr std::array priorities{
    EnumValue{"low", Localizable("After others of the tier.")},
    EnumValue{"medium", Localizable("The default.")},
    EnumValue{"high", Localizable("Before others of the tier.")},
};

/// The preview interface counts priorities from 1 (low) to 3 (high).
nlohmann::json priority_number(const Node& value) {
    const auto word = lower(value.text);
    return word == "low" ? 1 : word == "high" ? 3 : 2;
}

nlohmann::json priority_word(const nlohmann::json& value) {
    return value == 1 ? "low" : value == 3 ? "high" : "medium";
}

constexpr std::array queue_keys{
    KeySchema{.name = "job_tier",
              .types = string,
              .doc = Localizable("How soon and how safely the job runs."),
              .rest = "jobTier",
              .values = job_tiers},
    KeySchema{.name = "priority",
              .types = string,
              .doc = Localizable("Order within the tier (preview)."),
              .rest = "priority",
              .convert = priority_number,
              .restore = priority_word,
              .values = priorities,
              .preview = true},
};

constexpr std::array identity_types{
    EnumValue{"user_identity",
              Localizable("Data is read and written with the rights of whoever submits."),
              "UserIdentity"},
    EnumValue{"managed",
              Localizable("The managed identity of the compute, or the one named here."),
              "Managed"},
    EnumValue{"managed_identity", Localizable("The same as managed."), "Managed"},
    EnumValue{"aml_token", Localizable("The workspace's own token (the default)."), "AMLToken"},
};
constexpr std::array identity_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("Whose rights the job uses for data."),
              .rest = "identityType",
              .required = true,
              .values = identity_types},
    KeySchema{.name = "client_id",
              .types = string,
              .doc = Localizable("Client id of a user-assigned identity."),
              .rest = "clientId",
              .only_for = "managed managed_identity"},
    KeySchema{.name = "object_id",
              .types = string,
              .doc = Localizable("Object id of a user-assigned identity."),
              .rest = "objectId",
              .only_for = "managed managed_identity"},
    KeySchema{.name = "msi_resource_id",
              .types = string,
              .doc = Localizable("ARM id of a user-assigned identity."),
              .rest = "resourceId",
              .only_for = "managed managed_identity"},
};

}  // namespace

namespace shared {

constinit const ObjectSchema input_schema{.keys = input_keys};
constinit const ObjectSchema inputs_schema{.additional = &input_value};
constinit const ObjectSchema output_schema{.keys = output_keys};
constinit const ObjectSchema outputs_schema{.additional = &output_value};
constinit const ObjectSchema resources_schema{.keys = resources_keys};
constinit const ObjectSchema queue_schema{.keys = queue_keys};
constinit const ObjectSchema identity_schema{.keys = identity_keys};

}  // namespace shared

}  // namespace aml::runconfig
