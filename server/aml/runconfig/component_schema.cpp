// The public Azure ML CLI v2 commandComponent schema as data. Source: CLI (v2) command component
// YAML schema.
#include "runconfig/component.hpp"
#include "runconfig/shared_schema.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace aml::runconfig {

namespace {

using namespace types;

constexpr std::array component_types{
    EnumValue{"command", Localizable("Runs one command on a compute.")}};

constexpr std::array port_types{
    EnumValue{"uri_folder", Localizable("A folder.")},
    EnumValue{"uri_file", Localizable("One file.")},
    EnumValue{"mltable", Localizable("A table described by an MLTable file.")},
    EnumValue{"mlflow_model", Localizable("A model in MLflow's format.")},
    EnumValue{"custom_model", Localizable("A model in a format of your own.")},
    EnumValue{"triton_model", Localizable("A model for the Triton server.")},
    EnumValue{"path", Localizable("Older spelling of `uri_folder`.")},
    EnumValue{"string", Localizable("Text.")},
    EnumValue{"integer", Localizable("A whole number.")},
    EnumValue{"number", Localizable("A number.")},
    EnumValue{"boolean", Localizable("True or false.")},
};

constexpr KeySchema port_description_key{
    .name = "description", .types = string, .doc = Localizable("What it is for.")};
constexpr KeySchema port_mode_key{
    .name = "mode", .types = string, .doc = Localizable("How the data reaches the command.")};

constexpr std::array component_input_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("What it is."),
              .required = true,
              .values = port_types},
    port_description_key,
    KeySchema{.name = "optional",
              .types = boolean,
              .doc = Localizable("Whether it may be left out; the command has it in `$[[ ]]`.")},
    KeySchema{.name = "default",
              .types = string | number | boolean,
              .doc = Localizable("Its value when a step gives none.")},
    KeySchema{.name = "min", .types = string | number, .doc = Localizable("The smallest value.")},
    KeySchema{.name = "max", .types = string | number, .doc = Localizable("The largest value.")},
    KeySchema{.name = "enum", .types = array, .doc = Localizable("The values it may have.")},
    port_mode_key,
};
constexpr ObjectSchema component_input_schema{.keys = component_input_keys};
constexpr KeySchema component_input{.name = "*",
                                    .types = object,
                                    .doc = Localizable("What a step gives the component."),
                                    .object = &component_input_schema};
constexpr ObjectSchema component_inputs{.additional = &component_input};

constexpr std::array component_output_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("What it is."),
              .required = true,
              .values = port_types},
    port_description_key,
    port_mode_key,
};
constexpr ObjectSchema component_output_schema{.keys = component_output_keys};
constexpr KeySchema component_output{.name = "*",
                                     .types = object,
                                     .doc = Localizable("What the component leaves."),
                                     .object = &component_output_schema};
constexpr ObjectSchema component_outputs{.additional = &component_output};

constexpr std::array component_keys{
    shared::schema_key(
        "\"https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json\""),
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("The kind of component."),
              .values = component_types},
    KeySchema{.name = "name",
              .types = string,
              .doc = Localizable("Its name when it is registered; a pipeline that has the file "
                                 "needs none.")},
    KeySchema{.name = "version",
              .types = string | integer,
              .doc = Localizable("Its version when it is registered.")},
    KeySchema{.name = "display_name",
              .types = string,
              .doc = Localizable("Name of the component as shown in lists.")},
    KeySchema{
        .name = "description", .types = string, .doc = Localizable("What the component does.")},
    KeySchema{.name = "tags",
              .types = object,
              .doc = Localizable("Tags of the component."),
              .object = &shared::tag_map},
    KeySchema{.name = "is_deterministic",
              .types = boolean,
              .doc = Localizable("Whether the same inputs give the same outputs, which are then "
                                 "used again. Default: true.")},
    KeySchema{.name = "inputs",
              .types = object,
              .doc = Localizable("What a step gives the component."),
              .object = &component_inputs},
    KeySchema{.name = "outputs",
              .types = object,
              .doc = Localizable("What the component leaves."),
              .object = &component_outputs},
    shared::command_key,
    shared::code_key,
    shared::environment_key,
    shared::resources_key,
    shared::distribution_key,
    shared::properties_key,
    KeySchema{.name = "additional_includes",
              .types = array,
              .doc = Localizable("Files and folders beside “code” that are sent with it."),
              .items = string},
    shared::id_key,
    shared::creation_context_key,
};

}  // namespace

constinit const ObjectSchema component_schema{.keys = component_keys};

}  // namespace aml::runconfig
