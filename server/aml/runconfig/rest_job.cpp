// CommandJob -> REST. Source: Jobs - Create Or Update, CommandJob.
#include "runconfig/rest_job.hpp"

#include "runconfig/json_members.hpp"
#include "runconfig/rest_words.hpp"

#include <fmt/format.h>

#include <charconv>

namespace aml::runconfig {

namespace {

using nlohmann::json;

void put_word(json& object, const char* name, WordSet set, const std::optional<std::string>& word) {
    if (word) object[name] = to_rest_word(set, *word);
}

json to_rest(const std::string& name, const Input& input, const ResolvedReferences& resolved) {
    json result = json::object();
    if (const auto* literal = std::get_if<LiteralInput>(&input)) {
        result["jobInputType"] = "literal";
        result["value"] = literal->value;
        return result;
    }
    const auto& data = std::get<DataInput>(input);
    const auto uri = resolved.input_uris.find(name);
    result["jobInputType"] = data.type;
    result["uri"] = uri != resolved.input_uris.end() ? uri->second : data.path;
    put_word(result, "mode", WordSet::Mode, data.mode);
    put(result, "pathOnCompute", data.path_on_compute);
    put(result, "description", data.description);
    return result;
}

json to_rest(const Output& output) {
    json result = json::object();
    result["jobOutputType"] = output.type;
    put(result, "uri", output.path);
    put_word(result, "mode", WordSet::Mode, output.mode);
    put(result, "assetName", output.name);
    put(result, "assetVersion", output.version);
    put(result, "description", output.description);
    return result;
}

json to_rest(const Resources& resources) {
    json result = json::object();
    put(result, "instanceCount", resources.instance_count);
    put(result, "maxInstanceCount", resources.max_instance_count);
    put(result, "instanceType", resources.instance_type);
    put(result, "shmSize", resources.shm_size);
    put(result, "dockerArgs", resources.docker_args);
    if (!resources.docker_args_list.empty()) result["dockerArgsList"] = resources.docker_args_list;
    if (!resources.locations.empty()) result["locations"] = resources.locations;
    if (!resources.properties.is_null()) result["properties"] = resources.properties;
    return result;
}

json to_rest(const Distribution& distribution) {
    json result = json::object();
    result["distributionType"] = to_rest_word(WordSet::DistributionType, distribution.type);
    put(result, "processCountPerInstance", distribution.process_count_per_instance);
    put(result, "workerCount", distribution.worker_count);
    put(result, "parameterServerCount", distribution.parameter_server_count);
    put(result, "address", distribution.address);
    put(result, "port", distribution.port);
    put(result, "includeDashboard", distribution.include_dashboard);
    put(result, "dashboardPort", distribution.dashboard_port);
    put(result, "headNodeAdditionalArgs", distribution.head_node_additional_args);
    put(result, "workerNodeAdditionalArgs", distribution.worker_node_additional_args);
    return result;
}

/// The preview API counts priorities from 1 (low) to 3 (high).
json to_rest(const QueueSettings& queue) {
    json result = json::object();
    put_word(result, "jobTier", WordSet::JobTier, queue.job_tier);
    if (queue.priority)
        result["priority"] = *queue.priority == "low" ? 1 : *queue.priority == "high" ? 3 : 2;
    return result;
}

json to_rest(const Identity& identity) {
    json result = json::object();
    result["identityType"] = to_rest_word(WordSet::IdentityType, identity.type);
    put(result, "clientId", identity.client_id);
    put(result, "objectId", identity.object_id);
    put(result, "resourceId", identity.msi_resource_id);
    return result;
}

json to_rest(const JobService& service) {
    json result = json::object();
    put_word(result, "jobServiceType", WordSet::ServiceType, service.type);
    put(result, "port", service.port);
    if (service.nodes) result["nodes"] = {{"nodesValueType", "All"}};
    auto properties = service.properties;
    if (service.ssh_public_keys) properties["sshPublicKeys"] = *service.ssh_public_keys;
    if (service.log_dir) properties["logDir"] = *service.log_dir;
    put_map(result, "properties", properties);
    return result;
}

void put_groups(json& properties, const CommandJob& job, const ResolvedReferences& resolved) {
    for (const auto& [name, input] : job.inputs)
        properties["inputs"][name] = to_rest(name, input, resolved);
    for (const auto& [name, output] : job.outputs) properties["outputs"][name] = to_rest(output);
    for (const auto& [name, service] : job.services)
        properties["services"][name] = to_rest(service);
    if (job.resources) properties["resources"] = to_rest(*job.resources);
    if (job.distribution) properties["distribution"] = to_rest(*job.distribution);
    if (job.queue_settings) properties["queueSettings"] = to_rest(*job.queue_settings);
    if (job.identity) properties["identity"] = to_rest(*job.identity);
    if (job.timeout) {
        properties["limits"] = {{"jobLimitsType", "Command"},
                                {"timeout", to_iso_duration(*job.timeout)}};
    }
}

}  // namespace

json to_rest(const CommandJob& job, const ResolvedReferences& resolved) {
    json properties = job.rest_only.is_object() ? job.rest_only : json::object();
    properties["jobType"] = "Command";
    properties["command"] = job.command;
    properties["environmentId"] = resolved.environment_id;
    put(properties, "codeId", resolved.code_id);
    put(properties, "computeId", resolved.compute_id);
    put(properties, "displayName", job.display_name);
    put(properties, "experimentName", job.experiment_name);
    put(properties, "description", job.description);
    put(properties, "parentJobName", job.parent_job_name);
    put_map(properties, "tags", job.tags);
    put_map(properties, "properties", job.properties);
    put_map(properties, "environmentVariables", job.environment_variables);
    put_groups(properties, job, resolved);
    json body = json::object();
    body["properties"] = std::move(properties);
    return body;
}

std::string to_iso_duration(std::chrono::seconds duration) {
    return fmt::format("PT{}S", duration.count());
}

std::optional<std::chrono::seconds> parse_iso_duration(std::string_view text) {
    if (!text.starts_with('P') || text.size() < 3) return std::nullopt;
    text.remove_prefix(1);
    std::chrono::seconds total{0};
    bool time = false;
    while (!text.empty()) {
        if (text.front() == 'T') {
            time = true;
            text.remove_prefix(1);
            continue;
        }
        std::int64_t amount = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), amount);
        if (failed != std::errc() || amount < 0) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.starts_with('.'))
            text.remove_prefix(std::min(text.find_first_not_of("0123456789", 1), text.size()));
        if (text.empty()) return std::nullopt;
        const char unit = text.front();
        text.remove_prefix(1);
        if (unit == 'D' && !time) {
            total += std::chrono::hours(24) * amount;
        } else if (unit == 'H' && time) {
            total += std::chrono::hours(amount);
        } else if (unit == 'M' && time) {
            total += std::chrono::minutes(amount);
        } else if (unit == 'S' && time) {
            total += std::chrono::seconds(amount);
        } else {
            return std::nullopt;
        }
    }
    return total;
}

}  // namespace aml::runconfig
