#pragma once

#include "runconfig/schema.hpp"

namespace aml::runconfig {

extern const ObjectSchema environment_schema;

/// What the schemas of several types of jobs share.
namespace shared {

inline constexpr KeySchema text_value{
    .name = "*", .types = types::string, .doc = Localizable("Text.")};
inline constexpr KeySchema text_or_null_value{
    .name = "*", .types = types::string | types::null, .doc = Localizable("Text.")};
inline constexpr ObjectSchema text_map{.additional = &text_value};
inline constexpr ObjectSchema tag_map{.additional = &text_or_null_value};
inline constexpr ObjectSchema anything{.free_form = true};

extern const ObjectSchema input_schema;
extern const ObjectSchema inputs_schema;
extern const ObjectSchema output_schema;
extern const ObjectSchema outputs_schema;
extern const ObjectSchema resources_schema;
extern const ObjectSchema queue_schema;
extern const ObjectSchema identity_schema;
extern const ObjectSchema distribution_schema;
extern const ObjectSchema variables_schema;
extern const ObjectSchema command_limits_schema;
extern const ObjectSchema services_schema;

/// Seconds as ISO 8601, the form Azure ML takes; and back.
nlohmann::json iso_duration(const Node& value);
nlohmann::json seconds_of(const nlohmann::json& value);

/// `snippet` is the address of the type's own schema, as JSON; may be empty.
consteval KeySchema schema_key(std::string_view snippet) {
    return {.name = "$schema",
            .types = types::string,
            .doc = Localizable("Address of the public schema of this file."),
            .snippet = snippet};
}

consteval KeySchema type_key(std::span<const EnumValue> values) {
    return {.name = "type",
            .types = types::string,
            .doc = Localizable("The kind of job."),
            .values = values};
}

inline constexpr KeySchema name_key{
    .name = "name",
    .types = types::string,
    .doc =
        Localizable("Id of the run, unique in the workspace. Leave it out: a fresh one is chosen "
                    "for every run, and a name that "
                    "exists already would not run again.")};
inline constexpr KeySchema experiment_name_key{
    .name = "experiment_name",
    .types = types::string,
    .doc = Localizable(
        "Experiment that the run is filed under; it is made when it does not exist yet. "
        "Default: the name of the folder that this file is in."),
    .meaning = Meaning::ExperimentName};
inline constexpr KeySchema display_name_key{
    .name = "display_name",
    .types = types::string,
    .doc = Localizable("Name of the run as shown in lists. Need not be unique.")};
inline constexpr KeySchema compute_key{
    .name = "compute",
    .types = types::string,
    .doc = Localizable("Compute target of the workspace: `azureml:<name>`. Left out (or "
                       "`serverless`): Azure ML chooses the machines."),
    .meaning = Meaning::ComputeTarget};
inline constexpr KeySchema tags_key{.name = "tags",
                                    .types = types::object,
                                    .doc = Localizable("Tags of the run, to find it by."),
                                    .rest = "tags",
                                    .object = &tag_map};
inline constexpr KeySchema description_key{.name = "description",
                                           .types = types::string,
                                           .doc = Localizable("What this run is about."),
                                           .rest = "description"};

inline constexpr KeySchema code_key{
    .name = "code",
    .types = types::string,
    .doc = Localizable("Folder to upload, relative to this file; the command starts in it."),
    .snippet = "\".\""};
inline constexpr KeySchema command_key{
    .name = "command",
    .types = types::string,
    .doc =
        Localizable("What to run. `${{inputs.<name>}}` and `${{outputs.<name>}}` are replaced by "
                    "values and paths."),
    .required = true,
    .meaning = Meaning::CommandLine,
    .snippet = "\"python train.py\""};
inline constexpr KeySchema environment_key{
    .name = "environment",
    .types = types::string | types::object,
    .doc = Localizable(
        "Python and the packages: an environment of the workspace (`azureml:<name>:<version>`, "
        "`azureml:<name>@latest`), of a registry "
        "(`azureml://registries/azureml/environments/<name>/versions/<version>`), "
        "or one written here (`image` with `conda_file`, or `build`)."),
    .required = true,
    .object = &environment_schema,
    .meaning = Meaning::EnvironmentReference};
inline constexpr KeySchema environment_variables_key{
    .name = "environment_variables",
    .types = types::object,
    .doc = Localizable("Environment variables of the command."),
    .rest = "environmentVariables",
    .object = &variables_schema};
inline constexpr KeySchema inputs_key{
    .name = "inputs",
    .types = types::object,
    .doc = Localizable("Values and data that the command uses as `${{inputs.<name>}}`."),
    .object = &inputs_schema};
inline constexpr KeySchema outputs_key{
    .name = "outputs",
    .types = types::object,
    .doc = Localizable("Folders and files that the command writes, as `${{outputs.<name>}}`."),
    .rest = "outputs",
    .object = &outputs_schema};
inline constexpr KeySchema resources_key{
    .name = "resources",
    .types = types::object,
    .doc = Localizable("Nodes, machine size and container settings."),
    .rest = "resources",
    .object = &resources_schema};
inline constexpr KeySchema distribution_key{
    .name = "distribution",
    .types = types::object,
    .doc = Localizable("Training on several processes or nodes."),
    .rest = "distribution",
    .object = &distribution_schema};
inline constexpr KeySchema queue_settings_key{.name = "queue_settings",
                                              .types = types::object,
                                              .doc = Localizable("Tier and priority."),
                                              .rest = "queueSettings",
                                              .object = &queue_schema};
inline constexpr KeySchema identity_key{.name = "identity",
                                        .types = types::object,
                                        .doc = Localizable("Whose rights the job uses for data."),
                                        .rest = "identity",
                                        .object = &identity_schema};
inline constexpr KeySchema command_limits_key{.name = "limits",
                                              .types = types::object,
                                              .doc = Localizable("When the job is stopped."),
                                              .rest = "limits",
                                              .object = &command_limits_schema,
                                              .snippet = "{ \"timeout\": 3600 }"};
inline constexpr KeySchema services_key{
    .name = "services",
    .types = types::object,
    .doc = Localizable("Programs to work with the job while it runs."),
    .rest = "services",
    .object = &services_schema};
inline constexpr KeySchema properties_key{
    .name = "properties",
    .types = types::object,
    .doc = Localizable("Properties of the run; unlike tags they cannot be changed later."),
    .rest = "properties",
    .object = &tag_map};

/// The same key where it has another name in REST, or may be left out.
consteval KeySchema sent_as(KeySchema key, std::string_view rest) {
    key.rest = rest;
    return key;
}

consteval KeySchema optional(KeySchema key) {
    key.required = false;
    return key;
}

inline constexpr KeySchema id_key{.name = "id",
                                  .types = types::string,
                                  .doc = Localizable("Set by Azure ML."),
                                  .read_only = true};
inline constexpr KeySchema status_key{.name = "status",
                                      .types = types::string,
                                      .doc = Localizable("Set by Azure ML."),
                                      .read_only = true};
inline constexpr KeySchema log_files_key{.name = "log_files",
                                         .types = types::object,
                                         .doc = Localizable("Set by Azure ML."),
                                         .object = &anything,
                                         .read_only = true};
inline constexpr KeySchema creation_context_key{.name = "creation_context",
                                                .types = types::object,
                                                .doc = Localizable("Set by Azure ML."),
                                                .object = &anything,
                                                .read_only = true};

}  // namespace shared

}  // namespace aml::runconfig
