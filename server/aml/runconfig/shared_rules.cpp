// What the schema cannot say about the keys that jobs of several types have.
#include "runconfig/asset_reference.hpp"
#include "runconfig/checker.hpp"
#include "support/localize.hpp"

namespace aml::runconfig {

namespace {

void check_name(const Node& job, std::string_view key, NameKind kind, Findings& findings) {
    const auto* name = job.find_text(key);
    if (name == nullptr) return;
    if (const auto problem = name_problem(kind, name->text)) {
        findings.error(name->span, "name", std::string(key), *problem);
    }
}

void check_compute(const Node& job, Findings& findings) {
    const auto* compute = job.find_text("compute");
    if (compute == nullptr) return;
    const auto parsed = parse_compute_reference(compute->text);
    if (const auto* bad = std::get_if<BadReference>(&parsed)) {
        findings.error(compute->span, "reference", "compute", bad->message);
    }
}

bool is_asset_reference(std::string_view path) {
    return path.starts_with("azureml:") && path.find("://") == std::string_view::npos;
}

void check_input(const Member& input, Findings& findings) {
    const auto where = join_key("inputs", input.key);
    const auto& value = input.value;
    if (value.type == NodeType::String && value.text.empty()) {
        findings.error(
            value.span,
            "value",
            where,
            localize("Azure ML takes no empty value: leave the input out or give it one."));
    }
    if (value.type != NodeType::Object) return;
    const auto* literal = value.find("value");
    const auto* path = value.find_text("path");
    if (path == nullptr && literal == nullptr) {
        findings.error({value.span.begin, value.span.begin + 1},
                       "missing",
                       join_key(where, "path"),
                       localize("“path” is missing: say where the data is."));
    }
    if (path != nullptr && path->text.empty()) {
        findings.error(
            path->span, "value", join_key(where, "path"), localize("Say where the data is."));
    }
    const auto* type = value.find_text("type");
    const auto kind = type != nullptr ? type->text : std::string("uri_folder");
    if (path != nullptr && is_asset_reference(path->text)) {
        check_reference(
            *path, kind.ends_with("_model") ? "models" : "data", join_key(where, "path"), findings);
    }
    const auto* mode = value.find_text("mode");
    if (mode != nullptr && mode->text.starts_with("eval_") && kind != "mltable") {
        findings.error(
            mode->span,
            "value",
            join_key(where, "mode"),
            localize("“{}” is for inputs of the type mltable; this one is {}.", mode->text, kind));
    }
}

}  // namespace

void check_reference(const Node& text,
                     std::string_view collection,
                     const std::string& where,
                     Findings& findings) {
    const auto parsed = parse_asset_reference(text.text, collection);
    if (const auto* bad = std::get_if<BadReference>(&parsed))
        findings.error(text.span, "reference", where, bad->message);
}

void check_inputs_and_outputs(const Node& job, Findings& findings) {
    for (const auto group : {"inputs", "outputs"}) {
        const auto* entries = job.find(group);
        if (entries == nullptr) continue;
        for (const auto& member : entries->members) {
            if (const auto problem = name_problem(NameKind::Input, member.key)) {
                findings.error(member.key_span, "name", join_key(group, member.key), *problem);
            }
            if (std::string_view(group) == "inputs") check_input(member, findings);
        }
    }
}

void check_basics(const Node& root, Findings& findings) {
    check_name(root, "name", NameKind::Job, findings);
    check_name(root, "experiment_name", NameKind::Experiment, findings);
    check_compute(root, findings);
}

}  // namespace aml::runconfig
