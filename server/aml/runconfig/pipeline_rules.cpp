// What the schema cannot say about a pipeline: what its steps run, and how they are bound to each
// other.
#include "runconfig/component.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/pipeline_binding.hpp"
#include "runconfig/program_rules.hpp"
#include "runconfig/run_configuration.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <vector>

namespace aml::runconfig {

namespace {

constexpr std::array other_steps{"sweep",
                                 "parallel",
                                 "pipeline",
                                 "automl",
                                 "spark",
                                 "import",
                                 "data_transfer",
                                 "do_while",
                                 "if_else",
                                 "parallel_for"};

/// Source: `PipelineNodeNameStr` of azure-ai-ml.
bool is_step_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    const bool starts_well =
        !name.empty() && (name.front() == '_' || (name.front() >= 'a' && name.front() <= 'z'));
    return starts_well && std::all_of(name.begin(), name.end(), fits);
}

std::vector<std::string_view> keys_of(const Node* object) {
    std::vector<std::string_view> keys;
    if (object == nullptr) return keys;
    for (const auto& member : object->members) keys.emplace_back(member.key);
    return keys;
}

/// The steps of a pipeline and what they are bound to.
class PipelineRules final {
public:
    PipelineRules(const Node& root, Findings& findings)
        : root_(root),
          steps_(root.find("jobs")),
          findings_(findings) {}

    void check() {
        if (const auto* component = root_.member("component")) {
            findings_.error(component->key_span,
                            "unsupportedType",
                            "component",
                            localize("A pipeline that is a component of Azure is not submitted by "
                                     "this version: write its “jobs”, or submit this file with “az "
                                     "ml job create”."));
            return;
        }
        if (steps_ == nullptr || (steps_->type == NodeType::Object && steps_->members.empty())) {
            const auto& where = steps_ != nullptr ? *steps_ : root_;
            findings_.error({where.span.begin, where.span.begin + 1},
                            "missing",
                            "jobs",
                            localize("“jobs” is missing: say what the steps of the pipeline are."));
            return;
        }
        check_compute(root_.find("settings"), "default_compute", "settings");
        for (const auto& step : steps_->members) check_step(step);
        check_cycles();
    }

private:
    void check_compute(const Node* object, std::string_view key, const std::string& place) {
        const auto* compute = object != nullptr ? object->find_text(key) : nullptr;
        if (compute == nullptr) return;
        const auto parsed = parse_compute_reference(compute->text);
        if (const auto* bad = std::get_if<BadReference>(&parsed))
            findings_.error(compute->span, "reference", join_key(place, key), bad->message);
    }

    void check_step(const Member& step) {
        const auto place = join_key("jobs", step.key);
        if (!is_step_name(step.key)) {
            findings_.error(step.key_span,
                            "name",
                            place,
                            localize("The name of a step has lower letters, digits and “_”, and "
                                     "starts with no digit."));
        }
        if (step.value.type != NodeType::Object || is_other_kind(step.value, place)) return;
        check_compute(&step.value, "compute", place);
        check_has_compute(step, place);
        check_what_runs(step.value, place);
        check_ports(step, "inputs", place);
        check_ports(step, "outputs", place);
    }

    bool is_other_kind(const Node& step, const std::string& place) {
        const auto* type = step.find_text("type");
        const auto word = type != nullptr ? lower(type->text) : std::string("command");
        if (word == "command") return false;
        const bool is_known =
            std::find(other_steps.begin(), other_steps.end(), word) != other_steps.end();
        findings_.error(
            type->span,
            is_known ? "unsupportedType" : "value",
            join_key(place, "type"),
            is_known ? localize("Steps of the type “{}” are not submitted by this version. Use "
                                "\"command\", or submit this file with “az ml job create”.",
                                word)
                     : localize("“{}” is not possible here: expected {}.", type->text, "command"));
        return true;
    }

    void check_has_compute(const Member& step, const std::string& place) {
        const auto* settings = root_.find("settings");
        const bool has_default =
            root_.find("compute") != nullptr ||
            (settings != nullptr && settings->find("default_compute") != nullptr);
        if (has_default || step.value.find("compute") != nullptr) return;
        findings_.error(step.key_span,
                        "missing",
                        join_key(place, "compute"),
                        localize("Nothing says where this step runs: add “compute” to it, or "
                                 "“default_compute” to “settings”."));
    }

    void check_what_runs(const Node& step, const std::string& place) {
        const auto* component = step.member("component");
        if (component == nullptr) {
            for (const auto* key : {"command", "environment"}) {
                if (step.find(key) != nullptr) continue;
                findings_.error({step.span.begin, step.span.begin + 1},
                                "missing",
                                join_key(place, key),
                                localize("“{}” is missing: a step has a “component”, or its own "
                                         "“command” and “environment”.",
                                         key));
            }
            check_program(step, place, DeclaredNames(step, {"inputs", "outputs"}), findings_);
            return;
        }
        for (const auto* key : {"command", "code", "environment"}) {
            const auto* member = step.member(key);
            if (member == nullptr) continue;
            findings_.error(member->key_span,
                            "conflict",
                            join_key(place, key),
                            localize("“{}” belongs to the component. Remove it here.", key));
        }
        const auto where = join_key(place, "component");
        if (component->value.type == NodeType::Object) {
            check_component(component->value, where, findings_);
            check_interface(step, place, to_json(component->value), findings_);
        } else if (!is_local(component->value.text)) {
            check_reference(component->value, "components", where, findings_);
        }
    }

    void check_ports(const Member& step, const char* group, const std::string& place) {
        const auto* ports = step.value.find(group);
        if (ports == nullptr) return;
        for (const auto& port : ports->members) {
            const auto where = join_key(join_key(place, group), port.key);
            if (const auto problem = name_problem(NameKind::Input, port.key))
                findings_.error(port.key_span, "name", where, *problem);
            if (const auto* text = bound_text(port.value)) {
                check_binding(*text, group, where);
            } else if (std::string_view(group) == "outputs" &&
                       port.value.type == NodeType::String) {
                wrong_binding(port.value, group, where);
            }
        }
    }

    void wrong_binding(const Node& text, std::string_view group, const std::string& where) {
        findings_.error(
            text.span,
            "expression",
            where,
            group == "inputs"
                ? localize("An input of a step is ${{{{parent.inputs.<name>}}}} or "
                           "${{{{parent.jobs.<step>.outputs.<name>}}}}, and nothing beside it.")
                : localize("An output of a step is ${{{{parent.outputs.<name>}}}}, and nothing "
                           "beside it."));
    }

    void check_binding(const Node& text, std::string_view group, const std::string& where) {
        using Kind = Binding::Kind;
        const auto binding = *binding_in(text.text);
        const bool fits = group == "inputs" ? binding.kind == Kind::PipelineInput ||
                                                  binding.kind == Kind::StepOutput
                                            : binding.kind == Kind::PipelineOutput;
        if (!fits) {
            wrong_binding(text, group, where);
        } else if (binding.kind == Kind::StepOutput) {
            check_step_output(text, binding, where);
        } else {
            const auto* names = root_.find(group);
            if (names != nullptr && names->find(binding.name) != nullptr) return;
            unknown(text,
                    where,
                    group == "inputs" ? localize("The pipeline has no input “{}”.", binding.name)
                                      : localize("The pipeline has no output “{}”.", binding.name),
                    binding.name,
                    keys_of(names));
        }
    }

    void check_step_output(const Node& text, const Binding& binding, const std::string& where) {
        const auto* step = steps_->find(binding.step);
        if (step == nullptr) {
            unknown(text,
                    where,
                    localize("The pipeline has no step “{}”.", binding.step),
                    binding.step,
                    keys_of(steps_));
            return;
        }
        // What a component of a file or of Azure leaves is not known here.
        const auto* component = step->find("component");
        if (component != nullptr && component->type != NodeType::Object) return;
        const auto* outputs = (component != nullptr ? component : step)->find("outputs");
        if (outputs != nullptr && outputs->find(binding.name) != nullptr) return;
        unknown(text,
                where,
                localize("The step “{}” has no output “{}”.", binding.step, binding.name),
                binding.name,
                keys_of(outputs));
    }

    void unknown(const Node& text,
                 const std::string& where,
                 const LocalizedText& problem,
                 std::string_view name,
                 const std::vector<std::string_view>& names) {
        const auto similar = nearest(name, names);
        const auto hint =
            similar.empty() ? LocalizedText() : localize("Did you mean \"{}\"?", similar);
        findings_.error(text.span, "reference", where, sentences(problem, hint));
    }

    /// A step that a step needs, and where it says so.
    struct Need {
        std::string step;
        const Node* where = nullptr;
        std::string key;
    };

    std::vector<Need> needs_of(const Member& step) const {
        std::vector<Need> needs;
        const auto* inputs = step.value.find("inputs");
        if (inputs == nullptr) return needs;
        for (const auto& input : inputs->members) {
            const auto* text = bound_text(input.value);
            const auto binding = text != nullptr ? binding_in(text->text) : std::nullopt;
            if (!binding || binding->kind != Binding::Kind::StepOutput) continue;
            needs.push_back({binding->step,
                             text,
                             join_key(join_key(join_key("jobs", step.key), "inputs"), input.key)});
        }
        return needs;
    }

    /// Takes away, again and again, the steps that need none that is left; each of what is left
    /// needs itself, or one that does.
    void check_cycles() {
        std::map<std::string, std::vector<Need>> left;
        for (const auto& step : steps_->members) {
            auto needs = needs_of(step);
            std::erase_if(needs,
                          [this](const Need& need) { return steps_->find(need.step) == nullptr; });
            left[step.key] = std::move(needs);
        }
        for (std::size_t before = 0; before != left.size();) {
            before = left.size();
            std::erase_if(left, [&](const auto& step) {
                return std::none_of(step.second.begin(), step.second.end(), [&](const Need& need) {
                    return left.contains(need.step);
                });
            });
        }
        for (const auto& [name, needs] : left) {
            if (!reaches(left, name, name)) continue;
            for (const auto& need : needs) {
                const bool is_part = left.contains(need.step) &&
                                     (need.step == name || reaches(left, need.step, name));
                if (!is_part) continue;
                findings_.error(need.where->span,
                                "cycle",
                                need.key,
                                need.step == name
                                    ? localize("The step “{}” needs its own output.", name)
                                    : localize("The steps “{}” and “{}” need each other: neither "
                                               "can begin.",
                                               name,
                                               need.step));
            }
        }
    }

    static bool reaches(const std::map<std::string, std::vector<Need>>& steps,
                        const std::string& from,
                        const std::string& to) {
        std::set<std::string> seen;
        std::vector<std::string> open{from};
        while (!open.empty()) {
            const auto name = open.back();
            open.pop_back();
            const auto found = steps.find(name);
            if (found == steps.end()) continue;
            for (const auto& need : found->second) {
                if (need.step == to) return true;
                if (seen.insert(need.step).second) open.push_back(need.step);
            }
        }
        return false;
    }

    const Node& root_;
    const Node* steps_;
    Findings& findings_;
};

}  // namespace

void check_pipeline(const Node& root, Findings& findings) {
    check_basics(root, findings);
    check_inputs_and_outputs(root, findings);
    PipelineRules(root, findings).check();
}

}  // namespace aml::runconfig
