// Components: checking and reading them, in a pipeline and in files of their own.
#include "runconfig/component.hpp"

#include "runconfig/job_reading.hpp"
#include "runconfig/pipeline_binding.hpp"
#include "runconfig/program_rules.hpp"
#include "runconfig/rest_job.hpp"
#include "runconfig/run_configuration.hpp"
#include "runconfig/text_file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>
#include <utility>

namespace aml::runconfig {

namespace {

using nlohmann::json;

/// Azure keeps values of inputs as texts.
json port_with_texts(const Node& port) {
    auto result = to_json(port);
    for (const auto* key : {"default", "min", "max"}) {
        if (const auto* value = port.find(key)) result[key] = literal_text(*value);
    }
    if (!result.contains("enum")) return result;
    for (std::size_t place = 0; place < result["enum"].size(); ++place)
        result["enum"][place] = literal_text(port.find("enum")->items[place]);
    return result;
}

void check_ports(const Node& component,
                 std::string_view group,
                 const std::string& place,
                 Findings& findings) {
    const auto* ports = component.find(group);
    if (ports == nullptr) return;
    for (const auto& port : ports->members) {
        if (const auto problem = name_problem(NameKind::Input, port.key)) {
            const auto where = join_key(join_key(place, group), port.key);
            findings.error(port.key_span, "name", where, *problem);
        }
    }
}

std::vector<std::string_view> names_in(const json& spec, const char* group) {
    std::vector<std::string_view> names;
    const auto ports = spec.find(group);
    if (ports == spec.end()) return names;
    for (const auto& [name, port] : ports->items()) names.emplace_back(name);
    return names;
}

/// The type of an input that is bound to what the component of another step leaves.
void settle_types(PipelineJob& pipeline, PipelineStep& step) {
    if (step.component->source != "YAML.JOB") return;
    for (const auto& [name, input] : step.inputs) {
        const auto* literal = std::get_if<LiteralInput>(&input);
        const auto binding = literal != nullptr ? binding_in(literal->value) : std::nullopt;
        if (!binding || binding->kind != Binding::Kind::StepOutput) continue;
        for (const auto& other : pipeline.steps) {
            const bool is_known = other.name == binding->step && other.component &&
                                  other.component->has_output(binding->name) &&
                                  step.component->has_input(name);
            if (!is_known) continue;
            step.component->spec["inputs"][name]["type"] =
                other.component->spec["outputs"][binding->name]["type"];
        }
    }
}

}  // namespace

void check_component(const Node& component, const std::string& place, Findings& findings) {
    check_ports(component, "inputs", place, findings);
    check_ports(component, "outputs", place, findings);
    const DeclaredNames declared(component, {"inputs", "outputs"});
    check_program(component, place, declared, findings, OptionalInputs::Allowed);
    if (const auto* more = component.member("additional_includes")) {
        findings.error(more->key_span,
                       "value",
                       join_key(place, "additional_includes"),
                       localize("Files beside “code” are not sent by this version: widen “code”, "
                                "or register the component with “az ml component create”."));
    }
}

Component read_component(const Node& object, const std::string& place) {
    Component component;
    component.program = read_program(object, place);
    component.source = "YAML.JOB";
    auto& spec = component.spec;
    spec = to_json(object);
    for (const auto* key : {"code", "environment", "version", "name", "creation_context", "id"})
        spec.erase(key);
    spec["type"] = "command";
    spec.emplace("is_deterministic", true);
    if (const auto* inputs = object.find("inputs")) {
        for (const auto& input : inputs->members)
            spec["inputs"][input.key] = port_with_texts(input.value);
    }
    return component;
}

ComponentFile read_component_file(const std::filesystem::path& file) {
    ComponentFile result;
    try {
        const Document document(read_text_file(file), syntax_of(file));
        Findings findings(document);
        for (const auto& problem : document.problems()) {
            if (!problem.tolerated) findings.error(problem.span, "syntax", "", problem.message);
        }
        const auto& root = document.root();
        if (root.type != NodeType::Object) {
            findings.error(root.span, "type", "", localize("A component is a mapping of keys."));
        } else {
            check_schema(root, component_schema, "", findings);
            check_component(root, "", findings);
        }
        const bool is_good = !findings.has_errors();
        for (const auto& diagnostic : findings.take()) {
            if (diagnostic.severity == Severity::Error)
                result.problems.push_back(format(file, diagnostic));
        }
        if (!is_good) return result;
        result.component = read_component(root, "");
        result.component->source = "YAML.COMPONENT";
        result.component->file = file;
    } catch (const Error& error) {
        result.problems.push_back(error.message());
    }
    return result;
}

void check_interface(const Node& step,
                     const std::string& place,
                     const json& spec,
                     Findings& findings) {
    for (const auto* group : {"inputs", "outputs"}) {
        const auto* given = step.find(group);
        if (given == nullptr) continue;
        const auto names = names_in(spec, group);
        for (const auto& member : given->members) {
            if (std::find(names.begin(), names.end(), member.key) != names.end()) continue;
            const auto problem = std::string_view(group) == "inputs"
                                     ? localize("The component has no input “{}”.", member.key)
                                     : localize("The component has no output “{}”.", member.key);
            const auto similar = nearest(member.key, names);
            const auto hint =
                similar.empty() ? LocalizedText() : localize("Did you mean \"{}\"?", similar);
            findings.error(member.key_span,
                           "reference",
                           join_key(join_key(place, group), member.key),
                           sentences(problem, hint));
        }
    }
    const auto inputs = spec.find("inputs");
    if (inputs == spec.end()) return;
    const auto* given = step.find("inputs");
    for (const auto& [name, port] : inputs->items()) {
        const bool is_given = given != nullptr && given->find(name) != nullptr;
        const bool may_be_missing =
            port.contains("default") || port.value("optional", json(false)) == true;
        if (is_given || may_be_missing) continue;
        findings.error({step.span.begin, step.span.begin + 1},
                       "missing",
                       join_key(join_key(place, "inputs"), name),
                       localize("The component needs its input “{}”: give it a value.", name));
    }
}

void load_components(Job& job, const std::filesystem::path& file) {
    auto* pipeline = std::get_if<PipelineJob>(&job);
    if (pipeline == nullptr) return;
    for (auto& step : pipeline->steps) {
        if (step.component_file.empty()) continue;
        step.component = read_component_file(local_path(file, step.component_file)).component;
        if (step.component && step.nodes.key.empty())
            step.nodes.count = step.component->program.nodes.count;
    }
    for (auto& step : pipeline->steps) {
        if (step.component) settle_types(*pipeline, step);
    }
}

}  // namespace aml::runconfig
