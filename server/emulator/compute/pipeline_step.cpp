#include "compute/pipeline_step.hpp"

#include "core/step_binding.hpp"
#include "core/text.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <utility>

namespace aml::emulator {

namespace {

json object_at(const json& object, std::string_view key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    const bool is_there = object.is_object() && found != object.end() && found->is_object();
    return is_there ? *found : json::object();
}

std::string camel_case(std::string_view snake) {
    std::string camel;
    bool upper = false;
    for (const char c : snake) {
        if (c == '_') {
            upper = true;
            continue;
        }
        camel += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        upper = false;
    }
    return camel;
}

/// The keys of files as ARM's jobs have them.
json with_camel_keys(const json& object) {
    auto result = json::object();
    for (const auto& [key, value] : object.items()) result[camel_case(key)] = value;
    return result;
}

/// What the step says of a part of its component, before what that says itself.
json part_of(const json& node, const json& spec, const char* part) {
    auto result = with_camel_keys(object_at(spec, part));
    result.update(with_camel_keys(object_at(node, part)));
    return result;
}

/// Components have the words of files, steps those of ARM.
std::string mode_of(const std::string& word) {
    constexpr std::array words{std::pair{"ro_mount", "ReadOnlyMount"},
                               std::pair{"rw_mount", "ReadWriteMount"},
                               std::pair{"mount", "ReadWriteMount"},
                               std::pair{"download", "Download"},
                               std::pair{"upload", "Upload"},
                               std::pair{"direct", "Direct"},
                               std::pair{"eval_mount", "EvalMount"},
                               std::pair{"eval_download", "EvalDownload"}};
    for (const auto& [file, arm] : words) {
        if (same_text(word, file)) return arm;
    }
    return word;
}

bool is_literal_type(std::string_view type) {
    constexpr std::array<std::string_view, 4> types{"string", "integer", "number", "boolean"};
    for (const auto known : types) {
        if (same_text(known, type)) return true;
    }
    return false;
}

json literal(std::string value) {
    return {{"jobInputType", "literal"}, {"value", std::move(value)}, {"description", nullptr}};
}

/// The name of a compute by its id or as it is.
std::string compute_name(const std::string& id) {
    if (same_text(id, "serverless")) return {};
    return id.substr(id.find_last_of('/') + 1);
}

/// Parts of a command that stand in `$[[ ]]` are there when all their inputs are.
std::string with_optional_parts(std::string command, const json& inputs) {
    constexpr std::string_view mark = "${{";
    for (auto begin = command.find("$[["); begin != std::string::npos;
         begin = command.find("$[[", begin)) {
        const auto end = command.find("]]", begin);
        if (end == std::string::npos) break;
        auto inside = command.substr(begin + 3, end - begin - 3);
        bool is_there = true;
        for (auto at = inside.find(mark); at != std::string::npos; at = inside.find(mark, at + 1)) {
            auto name = inside.substr(at + mark.size(), inside.find("}}", at) - at - mark.size());
            std::erase(name, ' ');
            constexpr std::string_view group = "inputs.";
            if (name.starts_with(group))
                is_there = is_there && inputs.contains(name.substr(group.size()));
        }
        command.replace(begin, end + 2 - begin, is_there ? inside : std::string());
    }
    return command;
}

/// One step under way.
class StepBuilder final {
public:
    StepBuilder(const Run& pipeline,
                std::string step,
                std::string run_id,
                const std::map<std::string, Run>& others,
                json spec)
        : pipeline_(pipeline),
          step_(std::move(step)),
          run_id_(std::move(run_id)),
          others_(others),
          node_(pipeline.job["jobs"][step_]),
          settings_(object_at(pipeline.job, "settings")),
          spec_(std::move(spec)) {}

    StepJob build() {
        StepJob result;
        auto& job = result.job;
        job["jobType"] = "Command";
        job["inputs"] = inputs();
        job["outputs"] = outputs();
        job["command"] = with_optional_parts(text_at(spec_, "command"), job["inputs"]);
        job["environmentId"] = text_at(spec_, "environment");
        const auto code = text_at(spec_, "code");
        job["codeId"] = code.empty() ? json() : json(code);
        job["environmentVariables"] = object_at(node_, "environment_variables");
        job["resources"] = resources();
        job["distribution"] = distribution();
        job["limits"] = limits();
        job["queueSettings"] = nullptr;
        job["identity"] = node_.contains("identity") ? with_camel_keys(object_at(node_, "identity"))
                                                     : pipeline_.job.value("identity", json());
        job["services"] = nullptr;
        job["notificationSetting"] = nullptr;
        const auto compute = compute_id();
        job["computeId"] =
            compute.empty() || same_text(compute, "serverless") ? json() : json(compute);
        result.target = compute_name(compute);
        result.display_name = text_at(node_, "display_name");
        if (result.display_name.empty()) result.display_name = step_;
        result.tags = object_at(node_, "tags");
        return result;
    }

private:
    json inputs() const {
        auto result = json::object();
        const auto given = object_at(node_, "inputs");
        const auto ports = object_at(spec_, "inputs");
        for (const auto& [name, port] : ports.items()) {
            const auto input = given.find(name);
            if (input != given.end()) {
                result[name] = input_of(name, *input, port);
            } else if (port.contains("default")) {
                result[name] = literal(text_at(port, "default"));
            } else if (port.value("optional", json(false)) != true) {
                throw Error(ErrorKind::Rejected,
                            fmt::format("The step '{}' has no value for the input '{}' of its "
                                        "component.",
                                        step_,
                                        name));
            }
        }
        return result;
    }

    json input_of(const std::string& name, const json& given, const json& port) const {
        auto result = source_of(name, given);
        if (text_at(result, "jobInputType") == "literal") return result;
        const auto type = text_at(port, "type");
        if (!is_literal_type(type)) result["jobInputType"] = type == "path" ? "uri_folder" : type;
        auto mode = mode_of(text_at(given, "mode"));
        if (mode.empty()) mode = mode_of(text_at(port, "mode"));
        result["mode"] = mode.empty() ? "ReadOnlyMount" : mode;
        return result;
    }

    /// What an input of the step is, wherever it comes from.
    json source_of(const std::string& name, const json& given) const {
        const auto binding = step_binding(text_at(given, "value"));
        if (!binding) {
            auto own = with_camel_keys(given);
            own["description"] = nullptr;
            return own;
        }
        if (binding->group == "inputs") return object_at(pipeline_.job["inputs"], binding->name);
        const auto other = others_.find(binding->step);
        const auto source = other != others_.end()
                                ? object_at(object_at(other->second.job, "outputs"), binding->name)
                                : json::object();
        if (source.empty()) {
            throw Error(ErrorKind::Rejected,
                        fmt::format("The input '{}' of the step '{}' is bound to an output that "
                                    "the step '{}' does not have.",
                                    name,
                                    step_,
                                    binding->step));
        }
        return {{"jobInputType", text_at(source, "jobOutputType")},
                {"uri", text_at(source, "uri")},
                {"description", nullptr}};
    }

    json outputs() const {
        auto result = json::object();
        const auto given = object_at(node_, "outputs");
        const auto ports = object_at(spec_, "outputs");
        for (const auto& [name, port] : ports.items())
            result[name] = output_of(name, object_at(given, name), port);
        result["default"] = {
            {"description", nullptr},
            {"uri",
             fmt::format("azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.{}",
                         run_id_)},
            {"mode", "ReadWriteMount"},
            {"jobOutputType", "uri_folder"}};
        return result;
    }

    json output_of(const std::string& name, const json& given, const json& port) const {
        auto type = text_at(port, "type");
        if (type.empty() || type == "path") type = "uri_folder";
        auto mode = mode_of(text_at(given, "mode"));
        if (mode.empty()) mode = mode_of(text_at(port, "mode"));
        json result{{"jobOutputType", type},
                    {"mode", mode.empty() ? "ReadWriteMount" : mode},
                    {"description", nullptr}};
        auto owner = run_id_;
        auto place = name;
        auto uri = text_at(given, "uri");
        if (const auto binding = step_binding(text_at(given, "value"))) {
            uri = text_at(object_at(pipeline_.job["outputs"], binding->name), "uri");
            owner = pipeline_.id;
            place = binding->name;
        }
        if (uri.empty()) {
            const bool is_file = same_text(type, "uri_file");
            uri = fmt::format("azureml://datastores/{}/paths/azureml/{}/{}{}",
                              default_datastore(),
                              owner,
                              place,
                              is_file ? fmt::format("/{}", name) : "/");
        }
        result["uri"] = uri;
        return result;
    }

    std::string default_datastore() const {
        const auto id = text_at(settings_, "default_datastore");
        return id.empty() ? "workspaceblobstore" : id.substr(id.find_last_of('/') + 1);
    }

    json resources() const {
        auto result = part_of(node_, spec_, "resources");
        result.emplace("instanceCount", 1);
        result.emplace("instanceType", nullptr);
        result.emplace("shmSize", "2g");
        result.emplace("dockerArgs", nullptr);
        result.emplace("properties", json::object());
        return result;
    }

    json distribution() const {
        auto result = part_of(node_, spec_, "distribution");
        if (result.empty()) return nullptr;
        // Components say `type`, steps `distribution_type`.
        if (!result.contains("distributionType")) result["distributionType"] = result["type"];
        result.erase("type");
        return result;
    }

    json limits() const {
        const auto given = with_camel_keys(object_at(node_, "limits"));
        if (given.empty()) return nullptr;
        return {{"jobLimitsType", "Command"}, {"timeout", text_at(given, "timeout")}};
    }

    std::string compute_id() const {
        for (const auto& id : {text_at(node_, "computeId"),
                               text_at(settings_, "default_compute"),
                               text_at(pipeline_.job, "computeId")}) {
            if (!id.empty()) return id;
        }
        return {};
    }

    const Run& pipeline_;
    std::string step_;
    std::string run_id_;
    const std::map<std::string, Run>& others_;
    json node_;
    json settings_;
    json spec_;
};

/// `…/components/{name}/versions/{version}`
json find_spec(Context& context, const Run& pipeline, const std::string& step) {
    const auto id = text_at(pipeline.job["jobs"][step], "componentId");
    constexpr std::string_view kind = "/components/";
    const auto begin = id.find(kind);
    const auto version = id.find("/versions/", begin == std::string::npos ? 0 : begin);
    if (begin != std::string::npos && version != std::string::npos) {
        const auto name = id.substr(begin + kind.size(), version - begin - kind.size());
        const auto found = context.resources.find(
            pipeline.workspace_id, "components/versions", name, id.substr(version + 10));
        if (found) return object_at(object_at(found->body, "properties"), "componentSpec");
    }
    throw Error(ErrorKind::Rejected,
                fmt::format("The component '{}' of the step '{}' does not exist.", id, step));
}

}  // namespace

StepJob step_job(Context& context,
                 const Run& pipeline,
                 const std::string& step,
                 const std::string& run_id,
                 const std::map<std::string, Run>& others) {
    return StepBuilder(pipeline, step, run_id, others, find_spec(context, pipeline, step)).build();
}

}  // namespace aml::emulator
