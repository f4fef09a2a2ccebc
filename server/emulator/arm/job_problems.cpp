#include "arm/job_problems.hpp"

#include "arm/site.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aml::emulator {
namespace {

constexpr std::array<std::string_view, 6> asset_types{
    "uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model"};
constexpr std::array<std::string_view, 6> input_modes{
    "ReadOnlyMount", "ReadWriteMount", "Download", "Direct", "EvalMount", "EvalDownload"};
constexpr std::array<std::string_view, 3> output_modes{"ReadWriteMount", "Upload", "Direct"};

/// The spelling the service uses, or "" when `value` is none of `known`.
template <typename Known>
std::string canonical(const std::string& value, const Known& known) {
    for (const auto word : known) {
        if (same_text(word, value)) return std::string(word);
    }
    return {};
}

template <typename Known>
void check_word(json& object,
                const char* key,
                const Known& known,
                std::string_view target,
                JobProblems& problems) {
    const auto value = value_at(object, key);
    if (value.is_null()) return;
    const auto word =
        value.is_string() ? canonical(value.get<std::string>(), known) : std::string();
    if (word.empty()) {
        problems.add(fmt::format("{}.{}", target, key),
                     fmt::format("'{}' must be one of {}.", key, fmt::join(known, ", ")));
    } else {
        object[key] = word;
    }
}

void check_literal(json& input, const std::string& target, JobProblems& problems) {
    const auto value = value_at(input, "value");
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
        problems.add(target + ".value",
                     "A literal input needs a 'value' that is a text and not empty.");
    }
}

bool is_identifier(std::string_view name) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    return !name.empty() && name.size() <= 255 && std::all_of(name.begin(), name.end(), plain) &&
           std::isdigit(static_cast<unsigned char>(name.front())) == 0;
}

}  // namespace

void JobProblems::add(std::string_view target, std::string message) {
    details_.push_back({{"code", "InvalidValue"},
                        {"message", std::move(message)},
                        {"target", target},
                        {"details", json::array()}});
}

void JobProblems::raise(const Request& request) const {
    if (details_.empty()) return;
    auto message = details_.front()["message"].get<std::string>();
    if (details_.size() > 1) message += fmt::format(" ({} more, see details)", details_.size() - 1);
    throw ml_error(
        request, 400, "UserError", message, {"BadArgument", "ArgumentInvalid"}, details_);
}

json check_inputs(const json& inputs, JobProblems& problems) {
    if (inputs.is_null()) return json::object();
    if (!inputs.is_object()) {
        problems.add("properties.inputs", "'inputs' must be an object.");
        return json::object();
    }
    auto result = inputs;
    for (const auto& [name, input] : result.items()) {
        const auto target = "properties.inputs." + name;
        const auto type = text_at(input, "jobInputType");
        if (!is_identifier(name))
            problems.add(target,
                         fmt::format("The input name '{}' is invalid: letters, digits and "
                                     "underscores, not starting with a digit.",
                                     name));
        if (same_text(type, "literal")) {
            check_literal(input, target, problems);
        } else if (canonical(type, asset_types).empty()) {
            problems.add(target + ".jobInputType",
                         fmt::format("'jobInputType' must be literal or one of {}.",
                                     fmt::join(asset_types, ", ")));
        } else {
            if (text_at(input, "uri").empty())
                problems.add(target + ".uri", fmt::format("The input '{}' needs a 'uri'.", name));
            check_word(input, "mode", input_modes, target, problems);
            if (value_at(input, "mode").is_null()) input["mode"] = "ReadOnlyMount";
        }
        if (input.is_object() && !input.contains("description")) input["description"] = nullptr;
    }
    return result;
}

json check_outputs(const json& outputs, std::string_view job_name, JobProblems& problems) {
    json result = json::object();
    if (outputs.is_object()) {
        result = outputs;
    } else if (!outputs.is_null()) {
        problems.add("properties.outputs", "'outputs' must be an object.");
    }
    for (const auto& [name, output] : result.items()) {
        const auto target = "properties.outputs." + name;
        if (!is_identifier(name))
            problems.add(target,
                         fmt::format("The output name '{}' is invalid: letters, digits and "
                                     "underscores, not starting with a digit.",
                                     name));
        if (canonical(text_at(output, "jobOutputType"), asset_types).empty()) {
            problems.add(
                target + ".jobOutputType",
                fmt::format("'jobOutputType' must be one of {}.", fmt::join(asset_types, ", ")));
            continue;
        }
        check_word(output, "mode", output_modes, target, problems);
        if (value_at(output, "mode").is_null()) output["mode"] = "ReadWriteMount";
        if (!output.contains("description")) output["description"] = nullptr;
        if (!output.contains("uri")) output["uri"] = nullptr;
    }
    result["default"] = {
        {"description", nullptr},
        {"uri",
         fmt::format("azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.{}",
                     job_name)},
        {"mode", "ReadWriteMount"},
        {"jobOutputType", "uri_folder"}};
    return result;
}

void check_references(const std::string& command, const json& job, JobProblems& problems) {
    constexpr std::array groups{std::pair{"inputs", "inputs"},
                                std::pair{"outputs", "outputs"},
                                std::pair{"search_space", "searchSpace"}};
    for (auto start = command.find("${{"); start != std::string::npos;
         start = command.find("${{", start + 3)) {
        const auto end = command.find("}}", start);
        if (end == std::string::npos) {
            problems.add("properties.command", "The command has a '${{' without '}}'.");
            return;
        }
        auto word = command.substr(start + 3, end - start - 3);
        word.erase(std::remove(word.begin(), word.end(), ' '), word.end());
        const auto dot = word.find('.');
        const auto kind = word.substr(0, dot);
        const auto name = dot == std::string::npos ? std::string() : word.substr(dot + 1);
        const bool known = std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
            return kind == group.first && value_at(job, group.second).contains(name);
        });
        if (!known)
            problems.add(
                "properties.command",
                fmt::format("The command refers to '${{{{{}}}}}', which the job does not declare.",
                            word));
    }
}

json check_resources(const json& resources, JobProblems& problems) {
    json result{{"instanceCount", 1},
                {"instanceType", nullptr},
                {"properties", json::object()},
                {"shmSize", "2g"},
                {"dockerArgs", nullptr}};
    if (resources.is_null()) return result;
    if (!resources.is_object()) {
        problems.add("properties.resources", "'resources' must be an object.");
        return result;
    }
    for (const auto& [key, value] : resources.items()) {
        if (!value.is_null()) result[key] = value;
    }
    const auto& count = result["instanceCount"];
    if (!count.is_number_integer() || count < 1)
        problems.add("properties.resources.instanceCount",
                     "'instanceCount' must be a whole number of at least 1.");
    const auto size = text_at(result, "shmSize");
    const bool fits =
        size.size() >= 2 &&
        std::all_of(size.begin(), size.end() - 1, [](char c) { return c >= '0' && c <= '9'; }) &&
        std::string_view("bBkKmMgG").find(size.back()) != std::string_view::npos;
    if (!fits)
        problems.add("properties.resources.shmSize",
                     "'shmSize' must be a number and one of b, k, m, g, such as 2g.");
    return result;
}

void check_distribution(const json& distribution, JobProblems& problems) {
    if (distribution.is_null()) return;
    constexpr std::array<std::string_view, 4> types{"PyTorch", "Mpi", "TensorFlow", "Ray"};
    if (canonical(text_at(distribution, "distributionType"), types).empty()) {
        problems.add("properties.distribution.distributionType",
                     fmt::format("'distributionType' must be one of {}.", fmt::join(types, ", ")));
    }
    for (const auto* key : {"processCountPerInstance", "parameterServerCount", "workerCount"}) {
        const auto value = value_at(distribution, key);
        if (!value.is_null() && (!value.is_number_integer() || value < 0)) {
            problems.add(fmt::format("properties.distribution.{}", key),
                         fmt::format("'{}' must be a whole number that is not negative.", key));
        }
    }
}

void check_no_preview(const json& job, JobProblems& problems) {
    const auto check = [&](const json& object, std::string_view target, const char* key) {
        if (value_at(object, key).is_null()) return;
        problems.add(
            fmt::format("{}.{}", target, key),
            fmt::format(
                "Could not find member '{}' on '{}': this api-version lacks it.", key, target));
    };
    check(job, "properties", "parentJobName");
    check(value_at(job, "queueSettings"), "properties.queueSettings", "priority");
    for (const auto* key : {"locations", "maxInstanceCount"})
        check(value_at(job, "resources"), "properties.resources", key);
    for (const auto* kind : {"inputs", "outputs"}) {
        const auto all = value_at(job, kind);
        if (!all.is_object()) continue;
        for (const auto& [name, one] : all.items()) {
            for (const auto* key : {"assetVersion", "pathOnCompute"})
                check(one, fmt::format("properties.{}.{}", kind, name), key);
        }
    }
    if (same_text(text_at(value_at(job, "distribution"), "distributionType"), "Ray")) {
        problems.add("properties.distribution.distributionType",
                     "The distribution Ray is not known in this api-version.");
    }
}

void check_limits(const json& limits, JobProblems& problems) {
    if (limits.is_null()) return;
    if (!same_text(text_at(limits, "jobLimitsType"), "Command"))
        problems.add("properties.limits.jobLimitsType", "'jobLimitsType' must be Command.");
    const auto timeout = value_at(limits, "timeout");
    if (timeout.is_null()) return;
    const auto parsed =
        timeout.is_string() ? parse_iso_duration(timeout.get<std::string>()) : std::nullopt;
    if (!parsed || parsed->count() < 1)
        problems.add("properties.limits.timeout",
                     "'timeout' must be an ISO 8601 duration of at least a second, such as PT1H.");
}

json check_text_map(json value, std::string_view target, JobProblems& problems) {
    if (value.is_null()) return json::object();
    if (!value.is_object()) {
        problems.add(target, fmt::format("'{}' must be an object of texts.", target));
        return json::object();
    }
    as_texts(value);
    for (const auto& [key, item] : value.items()) {
        if (!item.is_string() && !item.is_null())
            problems.add(fmt::format("{}.{}", target, key),
                         fmt::format("The value of '{}' must be a text.", key));
    }
    return value;
}

}  // namespace aml::emulator
