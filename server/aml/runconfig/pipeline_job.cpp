// What a pipeline has of its own: from the file, and to REST. Source: PipelineJob and BaseNode of
// azure-ai-ml, `_to_rest_object`.
#include "runconfig/component.hpp"
#include "runconfig/job_reading.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/pipeline_binding.hpp"
#include "runconfig/rest_job.hpp"
#include "runconfig/run_configuration.hpp"
#include "runconfig/shared_schema.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <cctype>
#include <string_view>
#include <utility>

namespace aml::runconfig {

nlohmann::json step_to_rest(const Node& step);

namespace {

using nlohmann::json;

std::string snake_case(std::string_view camel) {
    std::string snake;
    for (const char c : camel) {
        if (std::isupper(static_cast<unsigned char>(c)) != 0) snake += '_';
        snake += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return snake;
}

/// The keys of a step's parts are those of files; `properties` have keys of their own.
json with_snake_keys(const json& value) {
    if (!value.is_object()) return value;
    auto result = json::object();
    for (const auto& [key, part] : value.items())
        result[snake_case(key)] = key == "properties" ? part : with_snake_keys(part);
    return result;
}

json snake_step(json rest) {
    for (const auto* part : {"resources", "distribution", "limits", "queue_settings", "identity"}) {
        if (rest.contains(part)) rest[part] = with_snake_keys(rest[part]);
    }
    if (!rest.contains("services")) return rest;
    for (auto& [name, service] : rest["services"].items()) service = with_snake_keys(service);
    return rest;
}

/// What a port of a component is.
json port(std::string type, std::string mode = {}) {
    json result{{"type", std::move(type)}};
    if (!mode.empty()) result["mode"] = std::move(mode);
    return result;
}

std::string word_in(const Node& object, std::string_view key) {
    const auto* word = object.find_text(key);
    return word != nullptr ? lower(word->text) : std::string();
}

/// The port that an input or output given in long form fits.
json port_of_data(const Node& value) {
    const auto type = word_in(value, "type");
    return port(type.empty() ? "uri_folder" : type, word_in(value, "mode"));
}

std::string literal_type(const Node& value) {
    if (value.type == NodeType::Boolean) return "boolean";
    if (value.type != NodeType::Number) return "string";
    const bool is_whole = value.text.find_first_of(".eE") == std::string::npos;
    return is_whole ? "integer" : "number";
}

const Node* pipeline_member(const Node& root, std::string_view group, std::string_view name) {
    const auto* object = root.find(group);
    return object != nullptr ? object->find(name) : nullptr;
}

json port_of_pipeline(const Node& root, const Binding& binding) {
    const bool is_input = binding.kind == Binding::Kind::PipelineInput;
    const auto* value = pipeline_member(root, is_input ? "inputs" : "outputs", binding.name);
    if (value == nullptr || value->type == NodeType::Null) return port("uri_folder");
    if (value->type != NodeType::Object) return port(literal_type(*value));
    const auto* literal = value->find("value");
    const bool is_literal = literal != nullptr && value->find("path") == nullptr;
    return is_literal ? port(literal_type(*literal)) : port_of_data(*value);
}

/// What another step leaves; a folder, where that stands in a file that is read later.
json port_of_step(const Node& root, const Binding& binding) {
    const auto* step = pipeline_member(root, "jobs", binding.step);
    if (step == nullptr) return port("uri_folder");
    if (const auto* component = step->find("component")) {
        const auto* output = pipeline_member(*component, "outputs", binding.name);
        return output != nullptr ? port(word_in(*output, "type")) : port("uri_folder");
    }
    const auto* output = pipeline_member(*step, "outputs", binding.name);
    if (output == nullptr || output->type == NodeType::Null) return port("uri_folder");
    const auto inner = binding_in(output->text);
    const auto found = inner ? port_of_pipeline(root, *inner) : port_of_data(*output);
    return port(found["type"].get<std::string>());
}

json port_of(const Node& root, const Node& value) {
    if (const auto binding = binding_in(value.text)) {
        return binding->kind == Binding::Kind::StepOutput ? port_of_step(root, *binding)
                                                          : port_of_pipeline(root, *binding);
    }
    if (value.type == NodeType::Object) {
        const auto* literal = value.find("value");
        const bool is_data = literal == nullptr || value.find("path") != nullptr;
        if (is_data) return port_of_data(value);
        auto result = port(literal_type(*literal));
        result["default"] = literal_text(*literal);
        return result;
    }
    if (value.type == NodeType::Null) return port("uri_folder");
    auto result = port(literal_type(value));
    result["default"] = literal_text(value);
    return result;
}

/// A step with a command of its own becomes a component with the ports that it is given.
Component component_of(const Node& root, const Node& step, const std::string& place) {
    Component component;
    component.program = read_program(step, place);
    component.source = "YAML.JOB";
    auto& spec = component.spec;
    spec["type"] = "command";
    spec["command"] = component.program.command;
    spec["is_deterministic"] = true;
    for (const auto* key : {"resources", "distribution", "description", "tags"}) {
        if (const auto* value = step.find(key)) spec[key] = to_json(*value);
    }
    for (const auto* group : {"inputs", "outputs"}) {
        const auto* given = step.find(group);
        if (given == nullptr) continue;
        for (const auto& member : given->members)
            spec[group][member.key] = port_of(root, member.value);
    }
    return component;
}

json output_in_rest(const Node& output) {
    if (output.type == NodeType::String) return {{"value", output.text}, {"type", "literal"}};
    auto rest = to_rest(output, shared::output_schema);
    if (const auto* path = output.find_text("path"); path != nullptr && has_binding(path->text)) {
        json result{{"value", path->text}, {"type", "literal"}};
        if (rest.contains("mode")) result["mode"] = rest["mode"];
        return result;
    }
    auto result = with_snake_keys(rest);
    for (const auto& [from, to] : {std::pair("asset_name", "name"), {"asset_version", "version"}}) {
        if (!result.contains(from)) continue;
        result[to] = std::move(result[from]);
        result.erase(from);
    }
    return result;
}

ComputeReference compute_at(const Node& text) {
    return std::get<ComputeReference>(parse_compute_reference(text.text));
}

PipelineStep read_step(const Node& root, const Member& member) {
    const auto& node = member.value;
    const auto place = join_key("jobs", member.key);
    PipelineStep step{.name = member.key};
    if (const auto* compute = node.find_text("compute")) step.compute = compute_at(*compute);
    const auto* component = node.find("component");
    if (component == nullptr) {
        step.component = component_of(root, node, place);
    } else if (component->type == NodeType::Object) {
        step.component = read_component(*component, join_key(place, "component"));
    } else if (is_local(component->text)) {
        step.component_file = component->text;
    } else {
        step.known_component =
            std::get<AssetReference>(parse_asset_reference(component->text, "components"));
    }
    step.inputs = read_inputs(node);
    step.nodes = read_nodes(node, place);
    if (step.nodes.key.empty() && step.component) step.nodes = step.component->program.nodes;
    step.rest = snake_step(step_to_rest(node));
    const auto* outputs = node.find("outputs");
    if (outputs == nullptr) return step;
    for (const auto& output : outputs->members) {
        const bool says_nothing =
            output.value.type == NodeType::Null ||
            (output.value.type == NodeType::Object && output.value.members.empty());
        if (!says_nothing) step.rest["outputs"][output.key] = output_in_rest(output.value);
    }
    return step;
}

json input_in_rest(const std::string& name, const Input& input, const ResolvedStep& resolved) {
    const auto* data = std::get_if<DataInput>(&input);
    if (data == nullptr || !has_binding(data->path))
        return with_snake_keys(to_rest(name, input, resolved.input_uris));
    json result{{"value", data->path}, {"job_input_type", "literal"}};
    if (data->rest.contains("mode")) result["mode"] = data->rest["mode"];
    return result;
}

/// A component's distribution as steps have it.
json distribution_in_rest(json distribution) {
    const auto word = lower(distribution.value("type", ""));
    distribution.erase("type");
    for (const auto& value : shared::distribution_schema.find("type")->values) {
        if (value.value == word) distribution["distribution_type"] = value.rest;
    }
    return distribution;
}

json step_in_rest(const PipelineStep& step, const ResolvedStep& resolved) {
    auto result = step.rest;
    const auto spec = step.component ? step.component->spec : json::object();
    if (spec.contains("resources")) result.emplace("resources", spec["resources"]);
    if (spec.contains("distribution") && !result.contains("distribution"))
        result["distribution"] = distribution_in_rest(spec["distribution"]);
    result["name"] = step.name;
    result["type"] = "command";
    result["componentId"] = resolved.component_id;
    result["_source"] = step.component ? step.component->source : "REMOTE.WORKSPACE.COMPONENT";
    if (resolved.compute_id) result["computeId"] = *resolved.compute_id;
    for (const auto& [name, input] : step.inputs)
        result["inputs"][name] = input_in_rest(name, input, resolved);
    return result;
}

}  // namespace

Job read_pipeline(const Node& root) {
    PipelineJob job;
    read_basics(root, pipeline_schema, job);
    job.inputs = read_inputs(root);
    if (const auto* settings = root.find("settings")) {
        if (const auto* compute = settings->find_text("default_compute"))
            job.default_compute = compute_at(*compute);
        if (const auto* store = settings->find_text("default_datastore"))
            job.default_datastore = store->text;
    }
    const auto* steps = root.find("jobs");
    for (const auto& member : steps->members) job.steps.push_back(read_step(root, member));
    return job;
}

void put_pipeline(json& properties, const Job& job, const ResolvedReferences& resolved) {
    const auto& pipeline = std::get<PipelineJob>(job);
    properties["jobType"] = "Pipeline";
    auto& settings = properties["settings"];
    settings["_source"] = "YAML.JOB";
    if (resolved.default_compute_id) settings["default_compute"] = *resolved.default_compute_id;
    if (!resolved.default_datastore_id.empty())
        settings["default_datastore"] = resolved.default_datastore_id;
    for (const auto& step : pipeline.steps) {
        const auto found = resolved.steps.find(step.name);
        properties["jobs"][step.name] =
            step_in_rest(step, found != resolved.steps.end() ? found->second : ResolvedStep());
    }
}

}  // namespace aml::runconfig
