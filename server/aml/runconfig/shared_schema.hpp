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
extern const ObjectSchema outputs_schema;
extern const ObjectSchema resources_schema;
extern const ObjectSchema queue_schema;
extern const ObjectSchema identity_schema;

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
        "Experiment that the run is filed under; it is made when it does not exist yet."),
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

}  // namespace shared

}  // namespace aml::runconfig
