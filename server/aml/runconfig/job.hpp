#pragma once

#include "runconfig/asset_reference.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <variant>

namespace aml::runconfig {

/// A Docker build context: a local folder (relative to the file) or an https Git address.
struct BuildContext {
    std::string path;
    std::optional<std::string> dockerfile_path;
};

/// An environment written into the job. Either `image` (with or without conda) or `build`.
struct InlineEnvironment {
    /// For people; Azure keeps such environments without a name.
    std::optional<std::string> name;
    std::string description;
    std::string image;
    /// The conda specification as an object, when it is inline…
    std::optional<nlohmann::ordered_json> conda;
    /// …or the path of its YAML file, relative to the run configuration.
    std::optional<std::string> conda_path;
    std::optional<BuildContext> build;
    /// In Azure's words: Linux or Windows.
    std::string os_type = "Linux";
    /// Routes of a server, in Azure's words; no job uses them. Null when there are none.
    nlohmann::json inference_config;
    /// Where a local build context is uploaded to.
    std::optional<std::string> datastore;
    std::map<std::string, std::string> tags;
};

using Environment = std::variant<AssetReference, InlineEnvironment>;

/// A number, text or flag given to the command; kept as the text that replaces the expression.
struct LiteralInput {
    std::string value;
};

/// Data given to the command.
struct DataInput {
    /// In the words of the file, e.g. uri_folder.
    std::string type = "uri_folder";
    /// A datastore or https address, an asset reference, or a local path relative to the file.
    std::string path;
    /// Where a local path is uploaded to.
    std::optional<std::string> datastore;
    /// The other keys, as members of Azure's JobInput.
    nlohmann::json rest = nlohmann::json::object();
};

using Input = std::variant<LiteralInput, DataInput>;

/// What jobs of every type say. Paths are as written, relative to the file.
struct JobBasics {
    std::optional<std::string> name;
    std::optional<std::string> display_name;
    std::optional<std::string> experiment_name;
    ComputeReference compute;
    std::map<std::string, Input> inputs;
    /// The keys that nothing has to be looked up for, as members of the REST resource's
    /// `properties`.
    nlohmann::json rest = nlohmann::json::object();
};

/// What runs on the nodes.
struct Program {
    std::string command;
    std::optional<std::string> code;
    Environment environment;
    /// The key that holds it in the file; empty at the top.
    std::string place{};
};

/// Source: CLI (v2) command job YAML schema.
struct CommandJob : JobBasics {
    Program program;
};

/// Source: CLI (v2) sweep job YAML schema.
struct SweepJob : JobBasics {
    /// Of each trial.
    Program program;
};

/// Read, but not submitted yet.
struct PipelineJob : JobBasics {};

/// A job as a file says it. The types are listed in `job_types.hpp`, in this order.
using Job = std::variant<CommandJob, SweepJob, PipelineJob>;

JobBasics& basics_of(Job& job);
const JobBasics& basics_of(const Job& job);

/// What a job of its own runs; null for a job that is made of others, and for one that is not
/// submitted yet.
Program* program_of(Job& job);
const Program* program_of(const Job& job);

}  // namespace aml::runconfig
