// REST -> CommandJob. Source: Jobs - Get, CommandJob.
#include "runconfig/rest_job.hpp"
#include "runconfig/rest_words.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <array>

namespace aml::runconfig {

namespace {

using nlohmann::json;

/// Reads members of one object; a member of another type than documented is refused with its path.
class Reader final {
public:
    Reader(const json& object, std::string path)
        : object_(object),
          path_(std::move(path)) {
        if (!object_.is_object()) fail("", localize("an object"));
    }

    const json* find(const char* name) const {
        const auto found = object_.find(name);
        return found == object_.end() || found->is_null() ? nullptr : &*found;
    }

    std::optional<std::string> text(const char* name) const {
        const auto* value = find(name);
        if (value == nullptr) return std::nullopt;
        if (!value->is_string()) fail(name, localize("text"));
        return value->get<std::string>();
    }

    std::optional<std::string> word(const char* name, WordSet set) const {
        auto value = text(name);
        if (value) value = from_rest_word(set, *value);
        return value;
    }

    std::optional<std::int64_t> integer(const char* name) const {
        const auto* value = find(name);
        if (value == nullptr) return std::nullopt;
        if (!value->is_number_integer()) fail(name, localize("a whole number"));
        return value->get<std::int64_t>();
    }

    std::optional<bool> boolean(const char* name) const {
        const auto* value = find(name);
        if (value == nullptr) return std::nullopt;
        if (!value->is_boolean()) fail(name, localize("true or false"));
        return value->get<bool>();
    }

    StringMap map(const char* name) const {
        StringMap result;
        const auto* value = find(name);
        if (value == nullptr) return result;
        if (!value->is_object()) fail(name, localize("an object"));
        for (const auto& [key, item] : value->items()) {
            if (item.is_null()) continue;
            if (!item.is_string()) fail(name, localize("an object of texts"));
            result[key] = item.get<std::string>();
        }
        return result;
    }

    std::vector<std::string> list(const char* name) const {
        std::vector<std::string> result;
        const auto* value = find(name);
        if (value == nullptr) return result;
        if (!value->is_array()) fail(name, localize("a list"));
        for (const auto& item : *value) {
            if (!item.is_string()) fail(name, localize("a list of texts"));
            result.push_back(item.get<std::string>());
        }
        return result;
    }

    /// A reader of each member of the object `name`, with its key.
    template <typename Use>
    void each(const char* name, Use use) const {
        const auto* value = find(name);
        if (value == nullptr) return;
        if (!value->is_object()) fail(name, localize("an object"));
        for (const auto& [key, item] : value->items()) {
            if (!item.is_null()) use(key, Reader(item, fmt::format("{}/{}/{}", path_, name, key)));
        }
    }

    std::optional<Reader> object(const char* name) const {
        const auto* value = find(name);
        if (value == nullptr) return std::nullopt;
        return Reader(*value, fmt::format("{}/{}", path_, name));
    }

    [[noreturn]] void fail(std::string_view name, const LocalizedText& expected) const {
        throw Error(
            ErrorKind::Rejected,
            localize(
                "The job Azure described cannot be read: {}/{} is not {}.", path_, name, expected));
    }

private:
    const json& object_;
    std::string path_;
};

void read_input(const std::string& name, const Reader& from, RestJob& into) {
    const auto type = from.text("jobInputType").value_or("literal");
    if (type == "literal") {
        into.job.inputs[name] = LiteralInput{from.text("value").value_or("")};
        return;
    }
    DataInput input;
    input.type = type;
    input.path = from.text("uri").value_or("");
    input.mode = from.word("mode", WordSet::Mode);
    input.path_on_compute = from.text("pathOnCompute");
    input.description = from.text("description");
    into.resolved.input_uris[name] = input.path;
    into.job.inputs[name] = std::move(input);
}

Output read_output(const Reader& from) {
    Output output;
    output.type = from.text("jobOutputType").value_or(output.type);
    output.path = from.text("uri");
    output.mode = from.word("mode", WordSet::Mode);
    output.name = from.text("assetName");
    output.version = from.text("assetVersion");
    output.description = from.text("description");
    return output;
}

/// Azure adds the run's artifact folder to the outputs of every job.
bool is_added_by_azure(const std::string& name, const Output& output) {
    return name == "default" && output.path &&
           output.path->find("/ExperimentRun/dcid.") != std::string::npos;
}

Resources read_resources(const Reader& from) {
    Resources resources;
    resources.instance_count = from.integer("instanceCount");
    resources.max_instance_count = from.integer("maxInstanceCount");
    resources.instance_type = from.text("instanceType");
    resources.shm_size = from.text("shmSize");
    resources.docker_args = from.text("dockerArgs");
    resources.docker_args_list = from.list("dockerArgsList");
    resources.locations = from.list("locations");
    if (const auto* properties = from.find("properties")) resources.properties = *properties;
    return resources;
}

Distribution read_distribution(const Reader& from) {
    Distribution distribution;
    distribution.type = from.word("distributionType", WordSet::DistributionType).value_or("");
    distribution.process_count_per_instance = from.integer("processCountPerInstance");
    distribution.worker_count = from.integer("workerCount");
    distribution.parameter_server_count = from.integer("parameterServerCount");
    distribution.address = from.text("address");
    distribution.port = from.integer("port");
    distribution.include_dashboard = from.boolean("includeDashboard");
    distribution.dashboard_port = from.integer("dashboardPort");
    distribution.head_node_additional_args = from.text("headNodeAdditionalArgs");
    distribution.worker_node_additional_args = from.text("workerNodeAdditionalArgs");
    return distribution;
}

QueueSettings read_queue(const Reader& from) {
    QueueSettings queue;
    queue.job_tier = from.word("jobTier", WordSet::JobTier);
    constexpr std::array words{"low", "medium", "high"};
    const auto priority = from.integer("priority");
    if (priority)
        queue.priority =
            words.at(static_cast<std::size_t>(std::clamp<std::int64_t>(*priority, 1, 3) - 1));
    return queue;
}

Identity read_identity(const Reader& from) {
    Identity identity;
    identity.type = from.word("identityType", WordSet::IdentityType).value_or("");
    identity.client_id = from.text("clientId");
    identity.object_id = from.text("objectId");
    identity.msi_resource_id = from.text("resourceId");
    return identity;
}

std::optional<std::string> take(StringMap& map, const std::string& key) {
    auto node = map.extract(key);
    if (node.empty()) return std::nullopt;
    return std::move(node.mapped());
}

void read_service(const std::string& name, const Reader& from, CommandJob& job) {
    JobService service;
    service.type = from.word("jobServiceType", WordSet::ServiceType);
    // Azure adds these to every job.
    if (service.type == "Tracking" || service.type == "Studio") return;
    service.port = from.integer("port");
    if (from.find("nodes") != nullptr) service.nodes = "all";
    service.properties = from.map("properties");
    service.ssh_public_keys = take(service.properties, "sshPublicKeys");
    service.log_dir = take(service.properties, "logDir");
    job.services[name] = std::move(service);
}

void read_groups(const Reader& properties, RestJob& into) {
    auto& job = into.job;
    properties.each("inputs", [&](const std::string& name, const Reader& from) {
        read_input(name, from, into);
    });
    properties.each("outputs", [&](const std::string& name, const Reader& from) {
        auto output = read_output(from);
        if (!is_added_by_azure(name, output)) job.outputs[name] = std::move(output);
    });
    properties.each("services", [&](const std::string& name, const Reader& from) {
        read_service(name, from, job);
    });
    if (const auto from = properties.object("resources")) job.resources = read_resources(*from);
    if (const auto from = properties.object("distribution"))
        job.distribution = read_distribution(*from);
    if (const auto from = properties.object("queueSettings"))
        job.queue_settings = read_queue(*from);
    if (const auto from = properties.object("identity")) job.identity = read_identity(*from);
    const auto limits = properties.object("limits");
    const auto timeout = limits ? limits->text("timeout") : std::nullopt;
    if (timeout) {
        job.timeout = parse_iso_duration(*timeout);
        if (!job.timeout) properties.fail("limits/timeout", localize("a duration"));
    }
}

void read_rest_only(const Reader& properties, CommandJob& job) {
    for (const auto* name : {"componentId",
                             "isArchived",
                             "notificationSetting",
                             "autologgerSettings",
                             "secretsConfiguration"}) {
        if (const auto* value = properties.find(name)) job.rest_only[name] = *value;
    }
}

Environment environment_of(const std::string& id) {
    auto parsed = parse_asset_reference(id, "environments");
    if (auto* reference = std::get_if<AssetReference>(&parsed)) return std::move(*reference);
    AssetReference unknown;
    unknown.text = id;
    return unknown;
}

ComputeReference compute_of(const std::optional<std::string>& id) {
    if (!id || id->empty()) return {};
    auto parsed = parse_compute_reference(*id);
    if (auto* reference = std::get_if<ComputeReference>(&parsed)) return std::move(*reference);
    return {ComputeReference::Kind::ArmId, "", *id};
}

}  // namespace

RestJob from_rest(const json& resource) {
    const Reader root(resource, "");
    const auto properties = root.object("properties");
    if (!properties) root.fail("properties", localize("an object"));
    if (properties->text("jobType").value_or("Command") != "Command")
        properties->fail("jobType", LocalizedText("Command"));
    RestJob result;
    auto& job = result.job;
    job.name = root.text("name");
    job.display_name = properties->text("displayName");
    job.experiment_name = properties->text("experimentName");
    job.description = properties->text("description");
    job.parent_job_name = properties->text("parentJobName");
    job.tags = properties->map("tags");
    job.properties = properties->map("properties");
    job.command = properties->text("command").value_or("");
    job.environment_variables = properties->map("environmentVariables");
    result.resolved.code_id = properties->text("codeId");
    result.resolved.compute_id = properties->text("computeId");
    result.resolved.environment_id = properties->text("environmentId").value_or("");
    job.code = result.resolved.code_id;
    job.environment = environment_of(result.resolved.environment_id);
    job.compute = compute_of(result.resolved.compute_id);
    read_groups(*properties, result);
    read_rest_only(*properties, job);
    return result;
}

}  // namespace aml::runconfig
