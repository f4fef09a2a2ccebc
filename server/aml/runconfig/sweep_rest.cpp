// What a sweep job has of its own: from the file, and to REST.
#include "runconfig/sweep_rest.hpp"

#include "runconfig/job_reading.hpp"
#include "runconfig/job_types.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

namespace aml::runconfig {

namespace {

using nlohmann::json;

/// Where a distribution has its numbers.
constexpr std::array<std::string_view, 6> distribution_numbers{
    "min_value", "max_value", "mu", "sigma", "q", "upper"};

json number_at(const Node& object, std::string_view key) {
    const auto* value = object.find(key);
    if (value == nullptr) return nullptr;
    if (value->type == NodeType::Number) return to_json(*value);
    const auto number = number_in(*value);
    return number ? json(*number) : json();
}

json number_or(const Node& object, std::string_view key, int otherwise) {
    auto number = number_at(object, key);
    return number.is_null() ? json(otherwise) : number;
}

/// A value to choose from, which may hold distributions of its own.
json choice_value(const Node& value) {
    if (value.type != NodeType::Object) return to_json(value);
    auto result = json::object();
    for (const auto& member : value.members) {
        const bool is_space = member.value.find_text("type") != nullptr;
        result[member.key] = is_space ? sweep_distribution(member.value) : to_json(member.value);
    }
    return result;
}

std::string type_word(const Node& value) {
    const auto* type = value.type == NodeType::String ? &value : value.find_text("type");
    return type != nullptr ? lower(type->text) : std::string();
}

}  // namespace

std::optional<double> number_in(const Node& value) {
    if (value.type != NodeType::Number && value.type != NodeType::String) return std::nullopt;
    char* end = nullptr;
    const auto number = std::strtod(value.text.c_str(), &end);
    const bool is_whole = !value.text.empty() && end == value.text.c_str() + value.text.size();
    return is_whole ? std::optional(number) : std::nullopt;
}

json sweep_distribution(const Node& value) {
    const auto type = type_word(value);
    auto arguments = json::array();
    if (type == "choice") {
        auto choices = json::array();
        if (const auto* values = value.find("values")) {
            for (const auto& item : values->items) choices.push_back(choice_value(item));
        }
        arguments.push_back(std::move(choices));
    } else {
        for (const auto key : distribution_numbers) {
            if (value.find(key) != nullptr) arguments.push_back(number_at(value, key));
        }
    }
    return json::array({type, std::move(arguments)});
}

json sweep_sampling(const Node& value) {
    const auto type = type_word(value);
    json result{{"samplingAlgorithmType",
                 type == "grid"       ? "Grid"
                 : type == "bayesian" ? "Bayesian"
                                      : "Random"}};
    if (const auto* seed = value.find("seed")) result["seed"] = to_json(*seed);
    if (const auto* rule = value.find_text("rule"))
        result["rule"] = lower(rule->text) == "sobol" ? "Sobol" : "Random";
    if (const auto* base = value.find("logbase")) result["logbase"] = base->text;
    return result;
}

json sweep_policy(const Node& value) {
    const auto type = type_word(value);
    const int interval = type == "median_stopping" ? 1 : 0;
    json result{{"delayEvaluation", number_or(value, "delay_evaluation", 0)},
                {"evaluationInterval", number_or(value, "evaluation_interval", interval)}};
    if (type == "bandit") {
        result["policyType"] = "Bandit";
        result["slackFactor"] = number_or(value, "slack_factor", 0);
        result["slackAmount"] = number_or(value, "slack_amount", 0);
    } else if (type == "median_stopping") {
        result["policyType"] = "MedianStopping";
    } else {
        result["policyType"] = "TruncationSelection";
        result["truncationPercentage"] = number_or(value, "truncation_percentage", 0);
    }
    return result;
}

Job read_sweep(const Node& root) {
    SweepJob job;
    read_basics(root, sweep_schema, job);
    job.inputs = read_inputs(root);
    job.program = read_program(*root.find("trial"), "trial");
    if (auto nodes = read_nodes(root); !nodes.key.empty()) job.program.nodes = std::move(nodes);
    return job;
}

void put_sweep(json& properties, const Job& job, const ResolvedReferences& resolved) {
    properties["jobType"] = "Sweep";
    auto& trial = properties["trial"];
    trial["command"] = std::get<SweepJob>(job).program.command;
    trial["environmentId"] = resolved.environment_id;
    if (resolved.code_id) trial["codeId"] = *resolved.code_id;
    // As the Azure CLI does it.
    if (!properties.contains("resources") && trial.contains("resources"))
        properties["resources"] = trial["resources"];
}

}  // namespace aml::runconfig
