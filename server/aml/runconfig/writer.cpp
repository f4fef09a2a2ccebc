#include "runconfig/writer.hpp"

#include "runconfig/command_line.hpp"
#include "runconfig/json_members.hpp"

#include <fmt/format.h>

namespace aml::runconfig {

namespace {

using nlohmann::ordered_json;

ordered_json to_json(const Environment& environment) {
    if (const auto* reference = std::get_if<AssetReference>(&environment)) return reference->text;
    const auto& definition = std::get<InlineEnvironment>(environment);
    auto object = ordered_json::object();
    put(object, "name", definition.name);
    put(object, "version", definition.version);
    put(object, "description", definition.description);
    put(object, "image", definition.image);
    put(object, "conda_file", definition.conda);
    put(object, "conda_file", definition.conda_path);
    if (definition.build) {
        auto build = ordered_json::object();
        build["path"] = definition.build->path;
        put(build, "dockerfile_path", definition.build->dockerfile_path);
        object["build"] = std::move(build);
    }
    put(object, "os_type", definition.os_type);
    if (!definition.inference_config.is_null())
        object["inference_config"] = definition.inference_config;
    if (!definition.auto_delete_setting.is_null())
        object["auto_delete_setting"] = definition.auto_delete_setting;
    put(object, "datastore", definition.datastore);
    put_map(object, "tags", definition.tags);
    put_map(object, "properties", definition.properties);
    return object;
}

ordered_json to_json(const Input& input) {
    if (const auto* literal = std::get_if<LiteralInput>(&input)) return literal->value;
    const auto& data = std::get<DataInput>(input);
    auto object = ordered_json::object();
    object["type"] = data.type;
    object["path"] = data.path;
    put(object, "mode", data.mode);
    put(object, "path_on_compute", data.path_on_compute);
    put(object, "datastore", data.datastore);
    put(object, "description", data.description);
    return object;
}

ordered_json to_json(const Output& output) {
    auto object = ordered_json::object();
    object["type"] = output.type;
    put(object, "path", output.path);
    put(object, "mode", output.mode);
    put(object, "name", output.name);
    put(object, "version", output.version);
    put(object, "description", output.description);
    return object;
}

ordered_json to_json(const Resources& resources) {
    auto object = ordered_json::object();
    put(object, "instance_count", resources.instance_count);
    put(object, "instance_type", resources.instance_type);
    put(object, "shm_size", resources.shm_size);
    put(object, "docker_args", resources.docker_args);
    if (!resources.docker_args_list.empty()) object["docker_args"] = resources.docker_args_list;
    if (!resources.locations.empty()) object["locations"] = resources.locations;
    put(object, "max_instance_count", resources.max_instance_count);
    if (!resources.properties.is_null()) object["properties"] = resources.properties;
    return object;
}

ordered_json to_json(const Distribution& distribution) {
    auto object = ordered_json::object();
    object["type"] = distribution.type;
    put(object, "process_count_per_instance", distribution.process_count_per_instance);
    put(object, "worker_count", distribution.worker_count);
    put(object, "parameter_server_count", distribution.parameter_server_count);
    put(object, "address", distribution.address);
    put(object, "port", distribution.port);
    put(object, "include_dashboard", distribution.include_dashboard);
    put(object, "dashboard_port", distribution.dashboard_port);
    put(object, "head_node_additional_args", distribution.head_node_additional_args);
    put(object, "worker_node_additional_args", distribution.worker_node_additional_args);
    return object;
}

ordered_json to_json(const Identity& identity) {
    auto object = ordered_json::object();
    object["type"] = identity.type;
    put(object, "client_id", identity.client_id);
    put(object, "object_id", identity.object_id);
    put(object, "msi_resource_id", identity.msi_resource_id);
    return object;
}

ordered_json to_json(const JobService& service) {
    auto object = ordered_json::object();
    put(object, "type", service.type);
    put(object, "port", service.port);
    put(object, "nodes", service.nodes);
    put(object, "ssh_public_keys", service.ssh_public_keys);
    put(object, "log_dir", service.log_dir);
    put_map(object, "properties", service.properties);
    return object;
}

/// What is set rarely, in the schema's order.
void put_rest(ordered_json& object, const CommandJob& job) {
    for (const auto& [name, input] : job.inputs) object["inputs"][name] = to_json(input);
    for (const auto& [name, output] : job.outputs) object["outputs"][name] = to_json(output);
    if (job.resources) object["resources"] = to_json(*job.resources);
    if (job.distribution) object["distribution"] = to_json(*job.distribution);
    if (job.timeout) object["limits"]["timeout"] = job.timeout->count();
    if (job.queue_settings) {
        auto queue = ordered_json::object();
        put(queue, "job_tier", job.queue_settings->job_tier);
        put(queue, "priority", job.queue_settings->priority);
        object["queue_settings"] = std::move(queue);
    }
    if (job.identity) object["identity"] = to_json(*job.identity);
    for (const auto& [name, service] : job.services) object["services"][name] = to_json(service);
    put_map(object, "properties", job.properties);
    put(object, "parent_job_name", job.parent_job_name);
}

}  // namespace

CommandJob make_job(const NewRunConfiguration& choices) {
    CommandJob job;
    job.experiment_name = choices.experiment;
    job.display_name = choices.script.stem().string();
    job.compute.kind = ComputeReference::Kind::Name;
    job.compute.name = choices.compute;
    job.code = ".";
    job.command = "python " + shell_quoted(choices.script.filename().string());
    if (!choices.arguments.empty()) job.command += " " + choices.arguments;
    job.environment = choices.environment;
    return job;
}

std::string to_text(const CommandJob& job) {
    auto object = ordered_json::object();
    object["$schema"] = command_job_schema_url;
    object["type"] = "command";
    put(object, "name", job.name);
    put(object, "experiment_name", job.experiment_name);
    put(object, "display_name", job.display_name);
    put(object, "description", job.description);
    if (job.compute.kind != ComputeReference::Kind::Serverless)
        object["compute"] = to_text(job.compute);
    put(object, "code", job.code);
    object["command"] = job.command;
    object["environment"] = to_json(job.environment);
    object["environment_variables"] = job.environment_variables;
    object["tags"] = job.tags;
    put_rest(object, job);
    return write_json(object, 0) + "\n";
}

}  // namespace aml::runconfig
