#pragma once

#include "runconfig/asset_reference.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

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

/// How many nodes a program wants, and the key that says so; empty where none does.
struct WantedNodes {
    std::int64_t count = 1;
    std::string key{};
};

/// What runs on the nodes.
struct Program {
    std::string command;
    std::optional<std::string> code;
    Environment environment;
    /// The key that holds it in the file; empty at the top.
    std::string place{};
    WantedNodes nodes{};
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

/// A command with its interface, as a step of a pipeline runs it. Source: CLI (v2) command
/// component YAML schema.
struct Component {
    /// As it is registered, but for `code` and `environment`.
    nlohmann::json spec = nlohmann::json::object();
    Program program{};
    /// How Azure ML is told where it was written: `YAML.JOB`, `YAML.COMPONENT`.
    std::string source{};
    /// The file that its paths are relative to; empty: the pipeline's own.
    std::filesystem::path file{};

    bool has_input(const std::string& name) const { return has("inputs", name); }

    bool has_output(const std::string& name) const { return has("outputs", name); }

private:
    bool has(const char* group, const std::string& name) const {
        const auto found = spec.find(group);
        return found != spec.end() && found->contains(name);
    }
};

/// One of the jobs of a pipeline.
struct PipelineStep {
    std::string name{};
    /// Absent: that of the pipeline.
    std::optional<ComputeReference> compute{};
    /// Written in the pipeline, or in the file that it names, once that was read.
    std::optional<Component> component{};
    /// The file as it is named; empty: there is none.
    std::string component_file{};
    /// One that Azure has.
    std::optional<AssetReference> known_component{};
    /// Bindings are literals.
    std::map<std::string, Input> inputs{};
    /// Asks for nodes, more than its component if it has a key.
    WantedNodes nodes{};
    /// The keys that nothing has to be looked up for, as Azure ML takes them of a step.
    nlohmann::json rest = nlohmann::json::object();
};

/// Source: CLI (v2) pipeline job YAML schema.
struct PipelineJob : JobBasics {
    std::vector<PipelineStep> steps;
    /// Of `settings`.
    std::optional<ComputeReference> default_compute;
    std::string default_datastore;
};

/// A job as a file says it. The types are listed in `job_types.hpp`, in this order.
using Job = std::variant<CommandJob, SweepJob, PipelineJob>;

JobBasics& basics_of(Job& job);
const JobBasics& basics_of(const Job& job);

/// What a job of its own runs; null for a job that is made of others.
Program* program_of(Job& job);
const Program* program_of(const Job& job);

}  // namespace aml::runconfig
