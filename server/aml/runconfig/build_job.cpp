#include "runconfig/build_job.hpp"

#include "support/text.hpp"

#include <charconv>

namespace aml::runconfig {

namespace {

std::optional<std::string> text(const Node& object, std::string_view key) {
    const auto* node = object.find(key);
    if (node == nullptr || node->type == NodeType::Null || node->type == NodeType::Missing)
        return std::nullopt;
    return node->text;
}

/// Values out of a fixed set are written in any case and kept in lower case, as the CLI does.
std::optional<std::string> choice(const Node& object, std::string_view key) {
    auto value = text(object, key);
    if (value) value = lower(*value);
    return value;
}

std::optional<std::int64_t> integer_of(const Node& object, std::string_view key) {
    const auto written = text(object, key);
    if (!written) return std::nullopt;
    std::int64_t value = 0;
    std::from_chars(written->data(), written->data() + written->size(), value);
    return value;
}

std::optional<bool> boolean_of(const Node& object, std::string_view key) {
    const auto written = text(object, key);
    return written ? std::optional(*written == "true") : std::nullopt;
}

StringMap strings(const Node& object, std::string_view key) {
    StringMap result;
    const auto* node = object.find(key);
    if (node == nullptr) return result;
    for (const auto& member : node->members) {
        result[member.key] = member.value.type == NodeType::Null ? "" : member.value.text;
    }
    return result;
}

std::vector<std::string> items(const Node& object, std::string_view key) {
    std::vector<std::string> result;
    const auto* node = object.find(key);
    if (node == nullptr) return result;
    for (const auto& item : node->items) result.push_back(item.text);
    return result;
}

/// As the CLI passes it on: Python's spelling of truth values, numbers as written.
std::string literal(const Node& node) {
    if (node.type == NodeType::Boolean) return node.text == "true" ? "True" : "False";
    return node.text;
}

Input build_input(const Node& node) {
    if (node.type != NodeType::Object) return LiteralInput{literal(node)};
    const auto* value = node.find("value");
    if (value != nullptr && node.find("path") == nullptr) return LiteralInput{literal(*value)};
    DataInput input;
    input.type = choice(node, "type").value_or(input.type);
    input.path = text(node, "path").value_or("");
    input.mode = choice(node, "mode");
    input.path_on_compute = text(node, "path_on_compute");
    input.datastore = text(node, "datastore");
    input.description = text(node, "description");
    return input;
}

Output build_output(const Node& node) {
    Output output;
    output.type = choice(node, "type").value_or(output.type);
    output.path = text(node, "path");
    output.mode = choice(node, "mode");
    output.name = text(node, "name");
    output.version = text(node, "version");
    output.description = text(node, "description");
    return output;
}

Environment build_environment(const Node& node) {
    if (node.type == NodeType::String) {
        auto parsed = parse_asset_reference(node.text, "environments");
        return std::get<AssetReference>(std::move(parsed));
    }
    InlineEnvironment environment;
    environment.name = text(node, "name");
    environment.version = text(node, "version");
    environment.description = text(node, "description");
    environment.image = text(node, "image");
    environment.os_type = choice(node, "os_type");
    environment.tags = strings(node, "tags");
    environment.properties = strings(node, "properties");
    environment.datastore = text(node, "datastore");
    if (const auto* served = node.find("inference_config"))
        environment.inference_config = to_json(*served);
    if (const auto* setting = node.find("auto_delete_setting"))
        environment.auto_delete_setting = to_json(*setting);
    const auto* conda = node.find("conda_file");
    if (conda != nullptr && conda->type == NodeType::Object)
        environment.conda = to_ordered_json(*conda);
    if (conda != nullptr && conda->type == NodeType::String) environment.conda_path = conda->text;
    if (const auto* build = node.find("build")) {
        environment.build =
            BuildContext{text(*build, "path").value_or(""), text(*build, "dockerfile_path")};
    }
    return environment;
}

Resources build_resources(const Node& node) {
    Resources resources;
    resources.instance_count = integer_of(node, "instance_count");
    resources.max_instance_count = integer_of(node, "max_instance_count");
    resources.instance_type = text(node, "instance_type");
    resources.shm_size = text(node, "shm_size");
    const auto* arguments = node.find("docker_args");
    if (arguments != nullptr && arguments->type == NodeType::String)
        resources.docker_args = arguments->text;
    resources.docker_args_list = items(node, "docker_args");
    resources.locations = items(node, "locations");
    if (const auto* properties = node.find("properties"))
        resources.properties = to_json(*properties);
    return resources;
}

Distribution build_distribution(const Node& node) {
    Distribution distribution;
    distribution.type = choice(node, "type").value_or("");
    distribution.process_count_per_instance = integer_of(node, "process_count_per_instance");
    distribution.worker_count = integer_of(node, "worker_count");
    distribution.parameter_server_count = integer_of(node, "parameter_server_count");
    distribution.address = text(node, "address");
    distribution.port = integer_of(node, "port");
    distribution.include_dashboard = boolean_of(node, "include_dashboard");
    distribution.dashboard_port = integer_of(node, "dashboard_port");
    distribution.head_node_additional_args = text(node, "head_node_additional_args");
    distribution.worker_node_additional_args = text(node, "worker_node_additional_args");
    return distribution;
}

Identity build_identity(const Node& node) {
    Identity identity;
    identity.type = choice(node, "type").value_or("");
    if (identity.type == "managed_identity") identity.type = "managed";
    identity.client_id = text(node, "client_id");
    identity.object_id = text(node, "object_id");
    identity.msi_resource_id = text(node, "msi_resource_id");
    return identity;
}

JobService build_service(const Node& node) {
    JobService service;
    service.type = choice(node, "type");
    if (!service.type) service.type = choice(node, "job_service_type");
    service.port = integer_of(node, "port");
    service.nodes = choice(node, "nodes");
    service.ssh_public_keys = text(node, "ssh_public_keys");
    service.log_dir = text(node, "log_dir");
    service.properties = strings(node, "properties");
    return service;
}

ComputeReference build_compute(const Node& root) {
    const auto written = text(root, "compute");
    if (!written) return {};
    return std::get<ComputeReference>(parse_compute_reference(*written));
}

void build_groups(const Node& root, CommandJob& job) {
    if (const auto* inputs = root.find("inputs")) {
        for (const auto& member : inputs->members)
            job.inputs[member.key] = build_input(member.value);
    }
    if (const auto* outputs = root.find("outputs")) {
        for (const auto& member : outputs->members)
            job.outputs[member.key] = build_output(member.value);
    }
    if (const auto* services = root.find("services")) {
        for (const auto& member : services->members)
            job.services[member.key] = build_service(member.value);
    }
    if (const auto* node = root.find("resources")) job.resources = build_resources(*node);
    if (const auto* node = root.find("distribution")) job.distribution = build_distribution(*node);
    if (const auto* node = root.find("identity")) job.identity = build_identity(*node);
    if (const auto* node = root.find("queue_settings")) {
        job.queue_settings = QueueSettings{choice(*node, "job_tier"), choice(*node, "priority")};
    }
    const auto* limits = root.find("limits");
    const auto timeout = limits != nullptr ? integer_of(*limits, "timeout") : std::nullopt;
    if (timeout) job.timeout = std::chrono::seconds(*timeout);
}

}  // namespace

CommandJob build_job(const Node& root) {
    CommandJob job;
    job.name = text(root, "name");
    job.display_name = text(root, "display_name");
    job.experiment_name = text(root, "experiment_name");
    job.description = text(root, "description");
    job.parent_job_name = text(root, "parent_job_name");
    job.tags = strings(root, "tags");
    job.properties = strings(root, "properties");
    job.command = text(root, "command").value_or("");
    job.code = text(root, "code");
    job.environment = build_environment(*root.find("environment"));
    job.environment_variables = strings(root, "environment_variables");
    job.compute = build_compute(root);
    build_groups(root, job);
    return job;
}

nlohmann::ordered_json to_ordered_json(const Node& node) {
    if (node.type == NodeType::Array) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& item : node.items) list.push_back(to_ordered_json(item));
        return list;
    }
    if (node.type == NodeType::Object) {
        auto object = nlohmann::ordered_json::object();
        for (const auto& member : node.members) object[member.key] = to_ordered_json(member.value);
        return object;
    }
    return to_json(node);
}

}  // namespace aml::runconfig
