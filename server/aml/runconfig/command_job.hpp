#pragma once

#include "runconfig/asset_reference.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace aml::runconfig {

/// The value of the `$schema` key in the files we write.
inline constexpr std::string_view command_job_schema_url =
    "https://azuremlschemas.azureedge.net/latest/commandJob.schema.json";

using StringMap = std::map<std::string, std::string>;

/// A Docker build context: a local folder (relative to the file) or an https Git address.
struct BuildContext {
    std::string path;
    std::optional<std::string> dockerfile_path;

    bool operator==(const BuildContext&) const = default;
};

/// An environment written into the job. Either `image` (with or without conda) or `build`.
struct InlineEnvironment {
    std::optional<std::string> name;
    std::optional<std::string> version;
    std::optional<std::string> description;
    std::optional<std::string> image;
    /// The conda specification as an object, when it is inline…
    std::optional<nlohmann::ordered_json> conda;
    /// …or the path of its YAML file, relative to the run configuration.
    std::optional<std::string> conda_path;
    std::optional<BuildContext> build;
    /// "linux" or "windows".
    std::optional<std::string> os_type;
    /// Routes of a server, as written; no job uses them. Null when there are none.
    nlohmann::json inference_config;
    /// As written; no job uses it. Null when there is none.
    nlohmann::json auto_delete_setting;
    /// Where a local build context is uploaded to.
    std::optional<std::string> datastore;
    StringMap tags;
    StringMap properties;

    bool operator==(const InlineEnvironment&) const = default;
};

using Environment = std::variant<AssetReference, InlineEnvironment>;

/// A number, text or flag given to the command; kept as the text that replaces the expression.
struct LiteralInput {
    std::string value;

    bool operator==(const LiteralInput&) const = default;
};

/// Data given to the command. `type` and `mode` are in the words of the file (uri_folder,
/// ro_mount).
struct DataInput {
    std::string type = "uri_folder";
    /// A datastore or https address, an asset reference, or a local path relative to the file.
    std::string path;
    std::optional<std::string> mode;
    /// Where the node puts it (preview).
    std::optional<std::string> path_on_compute;
    std::optional<std::string> datastore;
    std::optional<std::string> description;

    bool operator==(const DataInput&) const = default;
};

using Input = std::variant<LiteralInput, DataInput>;

struct Output {
    std::string type = "uri_folder";
    std::optional<std::string> path;
    std::optional<std::string> mode;
    /// With these the output is registered as an asset.
    std::optional<std::string> name;
    std::optional<std::string> version;
    std::optional<std::string> description;

    bool operator==(const Output&) const = default;
};

struct Resources {
    std::optional<std::int64_t> instance_count;
    std::optional<std::int64_t> max_instance_count;
    std::optional<std::string> instance_type;
    std::optional<std::string> shm_size;
    std::optional<std::string> docker_args;
    std::vector<std::string> docker_args_list;
    std::vector<std::string> locations;
    /// Free form; an object when set.
    nlohmann::json properties;

    bool operator==(const Resources&) const = default;
};

struct Distribution {
    /// mpi, pytorch, tensorflow or (in preview) ray.
    std::string type;
    std::optional<std::int64_t> process_count_per_instance;
    std::optional<std::int64_t> worker_count;
    std::optional<std::int64_t> parameter_server_count;
    /// The rest is Ray's.
    std::optional<std::string> address;
    std::optional<std::int64_t> port;
    std::optional<bool> include_dashboard;
    std::optional<std::int64_t> dashboard_port;
    std::optional<std::string> head_node_additional_args;
    std::optional<std::string> worker_node_additional_args;

    bool operator==(const Distribution&) const = default;
};

struct QueueSettings {
    /// spot, basic, standard, premium (or null: the default).
    std::optional<std::string> job_tier;
    /// low, medium, high.
    std::optional<std::string> priority;

    bool operator==(const QueueSettings&) const = default;
};

struct Identity {
    /// aml_token, managed or user_identity.
    std::string type;
    std::optional<std::string> client_id;
    std::optional<std::string> object_id;
    std::optional<std::string> msi_resource_id;

    bool operator==(const Identity&) const = default;
};

/// An interactive endpoint of the running job.
struct JobService {
    /// jupyter_lab, ssh, tensor_board, vs_code or custom.
    std::optional<std::string> type;
    std::optional<std::int64_t> port;
    /// "all", or absent: the first node.
    std::optional<std::string> nodes;
    std::optional<std::string> ssh_public_keys;
    std::optional<std::string> log_dir;
    StringMap properties;

    bool operator==(const JobService&) const = default;
};

/// A command job as the file says it: every key of the public Azure ML CLI v2 `commandJob` schema.
/// Source: CLI (v2) command job YAML schema. Paths are as written, relative to the file.
struct CommandJob {
    std::optional<std::string> name;
    std::optional<std::string> display_name;
    std::optional<std::string> experiment_name;
    std::optional<std::string> description;
    std::optional<std::string> parent_job_name;
    StringMap tags;
    StringMap properties;
    std::string command;
    std::optional<std::string> code;
    Environment environment;
    StringMap environment_variables;
    ComputeReference compute;
    std::map<std::string, Input> inputs;
    std::map<std::string, Output> outputs;
    std::optional<Resources> resources;
    std::optional<Distribution> distribution;
    /// `limits.timeout`.
    std::optional<std::chrono::seconds> timeout;
    std::optional<QueueSettings> queue_settings;
    std::optional<Identity> identity;
    std::map<std::string, JobService> services;
    /// Members of the REST resource that the file has no key for (isArchived, notificationSetting,
    /// componentId); kept so that a job read from Azure can be sent back unchanged. Null when there
    /// are none.
    nlohmann::json rest_only;

    bool operator==(const CommandJob&) const = default;
};

}  // namespace aml::runconfig
