// Pipelines: known, checked as far as all jobs are alike, and not submitted yet.
#include "runconfig/job_reading.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/shared_schema.hpp"

#include <array>

namespace aml::runconfig {

namespace {

constexpr std::array other_job_types{
    EnumValue{"pipeline", Localizable("Runs several jobs, each with what others have made.")},
};

constexpr std::array other_job_keys{
    shared::schema_key({}),
    shared::type_key(other_job_types),
    shared::name_key,
    shared::experiment_name_key,
    shared::display_name_key,
    shared::description_key,
    shared::compute_key,
    shared::tags_key,
};

constexpr KeySchema other_key{
    .name = "*",
    .types = types::any,
    .doc = Localizable("Belongs to this type of job, and is not checked by this version.")};

}  // namespace

constinit const ObjectSchema other_job_schema{.keys = other_job_keys, .additional = &other_key};

Job read_pipeline(const Node& root) {
    PipelineJob job;
    read_basics(root, other_job_schema, job);
    return job;
}

}  // namespace aml::runconfig
