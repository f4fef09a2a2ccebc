// What a command job has of its own: from the file, and to REST.
#include "runconfig/job_reading.hpp"
#include "runconfig/job_types.hpp"

namespace aml::runconfig {

Job read_command(const Node& root) {
    CommandJob job;
    read_basics(root, command_schema, job);
    job.inputs = read_inputs(root);
    job.program = read_program(root);
    return job;
}

void put_command(nlohmann::json& properties, const Job& job, const ResolvedReferences& resolved) {
    properties["jobType"] = "Command";
    properties["command"] = std::get<CommandJob>(job).program.command;
    properties["environmentId"] = resolved.environment_id;
    if (resolved.code_id) properties["codeId"] = *resolved.code_id;
}

}  // namespace aml::runconfig
