// The public Azure ML CLI v2 pipelineJob schema as data, with steps that run commands. Source: CLI
// (v2) pipeline job YAML schema.
#include "runconfig/component.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/shared_schema.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace aml::runconfig {

namespace {

using namespace types;

constexpr std::array pipeline_settings_keys{
    KeySchema{.name = "default_compute",
              .types = string,
              .doc = Localizable("Compute of the steps that name none: `azureml:<name>` or "
                                 "`serverless`."),
              .meaning = Meaning::ComputeTarget},
    KeySchema{.name = "default_datastore",
              .types = string,
              .doc = Localizable("Datastore of what steps leave: `azureml:<name>`.")},
    KeySchema{.name = "continue_on_step_failure",
              .types = boolean,
              .doc = Localizable("Whether steps that do not need a failed one still run. Default: "
                                 "false."),
              .rest = "continue_on_step_failure"},
    KeySchema{.name = "force_rerun",
              .types = boolean,
              .doc = Localizable("Whether steps run although their outputs of an earlier run could "
                                 "be used again."),
              .rest = "force_rerun"},
};
constexpr ObjectSchema pipeline_settings_schema{.keys = pipeline_settings_keys};

constexpr KeySchema step_output{
    .name = "*",
    .types = string | object | null,
    .doc = Localizable("`${{parent.outputs.<name>}}`, or where the output goes; an empty one is a "
                       "folder in the workspace's storage."),
    .object = &shared::output_schema};
constexpr ObjectSchema step_outputs{.additional = &step_output};

constexpr std::array step_keys{
    KeySchema{.name = "type",
              .types = string,
              .doc = Localizable("The kind of step: `command` (the default).")},
    KeySchema{.name = "component",
              .types = string | object,
              .doc = Localizable("What the step runs: the file of a component (`./train.yml`), one "
                                 "of the workspace (`azureml:<name>:<version>`), or one written "
                                 "here. Without it, `command` and `environment` are here."),
              .object = &component_schema},
    shared::optional(shared::command_key),
    shared::code_key,
    shared::optional(shared::environment_key),
    KeySchema{.name = "inputs",
              .types = object,
              .doc = Localizable("What the step gets: values, data, `${{parent.inputs.<name>}}` or "
                                 "`${{parent.jobs.<step>.outputs.<name>}}`."),
              .object = &shared::inputs_schema},
    KeySchema{.name = "outputs",
              .types = object,
              .doc = Localizable("What the step leaves."),
              .object = &step_outputs},
    shared::compute_key,
    shared::sent_as(shared::display_name_key, "display_name"),
    shared::sent_as(shared::description_key, {}),
    shared::tags_key,
    shared::properties_key,
    shared::sent_as(shared::environment_variables_key, "environment_variables"),
    shared::resources_key,
    shared::distribution_key,
    shared::command_limits_key,
    shared::sent_as(shared::queue_settings_key, "queue_settings"),
    shared::identity_key,
    shared::services_key,
    KeySchema{.name = "comment",
              .types = string,
              .doc = Localizable("A remark on the step."),
              .rest = "comment"},
    KeySchema{
        .name = "name", .types = string, .doc = Localizable("Set by Azure ML."), .read_only = true},
    KeySchema{.name = "experiment_name",
              .types = string,
              .doc = Localizable("Set by Azure ML."),
              .read_only = true},
    shared::id_key,
    shared::status_key,
};
constexpr ObjectSchema step_schema{.keys = step_keys};
constexpr KeySchema pipeline_step{.name = "*",
                                  .types = object,
                                  .doc = Localizable("A step of the pipeline."),
                                  .object = &step_schema};
constexpr ObjectSchema steps_schema{.additional = &pipeline_step};

constexpr std::array pipeline_types{
    EnumValue{"pipeline", Localizable("Runs several jobs, each with what others have made.")}};

constexpr std::array pipeline_keys{
    shared::schema_key("\"https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\""),
    shared::type_key(pipeline_types),
    shared::name_key,
    shared::experiment_name_key,
    shared::display_name_key,
    shared::description_key,
    shared::compute_key,
    KeySchema{.name = "settings",
              .types = object,
              .doc = Localizable("What holds for all steps."),
              .rest = "settings",
              .object = &pipeline_settings_schema},
    KeySchema{.name = "inputs",
              .types = object,
              .doc = Localizable("Values and data that steps use as `${{parent.inputs.<name>}}`."),
              .object = &shared::inputs_schema},
    KeySchema{.name = "outputs",
              .types = object,
              .doc = Localizable("What steps leave as `${{parent.outputs.<name>}}`."),
              .rest = "outputs",
              .object = &shared::outputs_schema},
    KeySchema{.name = "jobs",
              .types = object,
              .doc = Localizable("The steps by their names."),
              .object = &steps_schema},
    KeySchema{.name = "component",
              .types = string,
              .doc = Localizable("A pipeline that Azure has as a component, in the place of "
                                 "`jobs`.")},
    shared::tags_key,
    shared::properties_key,
    shared::identity_key,
    shared::services_key,
    shared::id_key,
    shared::status_key,
    shared::log_files_key,
    shared::creation_context_key,
};

}  // namespace

constinit const ObjectSchema pipeline_schema{.keys = pipeline_keys};

/// What Azure ML is sent of a step that the schema says all of.
nlohmann::json step_to_rest(const Node& step) {
    return to_rest(step, step_schema);
}

}  // namespace aml::runconfig
