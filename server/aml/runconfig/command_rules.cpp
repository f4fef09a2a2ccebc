// What the schema cannot say about a command job.
#include "runconfig/command_line.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/package_files.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <set>

namespace aml::runconfig {

namespace {

/// Where a part of a string's decoded text is in the file; the whole string when it has escapes.
Span part_of(const Node& text, Span part) {
    const bool plain = text.span.end - text.span.begin == text.text.size() + 2;
    if (!plain) return text.span;
    return {text.span.begin + 1 + part.begin, text.span.begin + 1 + part.end};
}

/// The names that the expressions of a job may refer to.
struct DeclaredNames {
    struct Group {
        std::vector<std::string_view> in_order;
        std::set<std::string_view> all;
    };

    Group inputs;
    Group outputs;
};

DeclaredNames declared_names(const Node& job) {
    DeclaredNames declared;
    const auto collect = [&job](std::string_view key, DeclaredNames::Group& group) {
        const auto* object = job.find(key);
        if (object == nullptr) return;
        for (const auto& member : object->members) {
            group.in_order.push_back(member.key);
            group.all.insert(member.key);
        }
    };
    collect("inputs", declared.inputs);
    collect("outputs", declared.outputs);
    return declared;
}

void check_expression(const DeclaredNames& declared,
                      const Node& text,
                      const std::string& where,
                      const Expression& expression,
                      Findings& findings) {
    const auto& names = expression.root == "inputs" ? declared.inputs : declared.outputs;
    const auto span = part_of(text, expression.span);
    if (!expression.closed) {
        findings.error(span,
                       "expression",
                       where,
                       localize("This expression is never closed: “}}}}” is missing."));
        return;
    }
    if (expression.root != "inputs" && expression.root != "outputs") {
        findings.error(span,
                       "expression",
                       where,
                       localize("“{}” is not known in a command job: use ${{{{inputs.<name>}}}} "
                                "or ${{{{outputs.<name>}}}}.",
                                expression.root));
        return;
    }
    // Looking for the name that was meant takes a look at all of them.
    if (names.all.contains(expression.name) || findings.is_full()) return;
    const auto similar = nearest(expression.name, names.in_order);
    const auto hint = similar.empty()
                          ? localize("Add \"{}\" to “{}”.", expression.name, expression.root)
                          : localize("Did you mean \"{}\"?", similar);
    const auto problem = expression.root == "inputs"
                             ? localize("There is no input “{}”.", expression.name)
                             : localize("There is no output “{}”.", expression.name);
    findings.error(span, "expression", where, sentences(problem, hint));
}

/// `$[[ … ]]` around an input that may be left out is for components: the shell of a job fails on
/// it.
void check_optional_inputs(const Node& command, Findings& findings) {
    constexpr std::size_t bracket = 3;
    const std::string_view text = command.text;
    for (auto open = text.find("$[["); open != std::string_view::npos;) {
        const auto close = text.find("]]", open);
        if (close == std::string_view::npos) return;
        const auto inside = text.substr(open + bracket, close - open - bracket);
        if (inside.find("${{") != std::string_view::npos) {
            findings.error(part_of(command, {open, close + 2}),
                           "expression",
                           "command",
                           localize("A job has no optional inputs: only components understand "
                                    "“$[[ ]]”. Write “{}” without it.",
                                    trimmed_view(inside)));
        }
        open = text.find("$[[", close);
    }
}

void check_command_line(const Node& job, const DeclaredNames& declared, Findings& findings) {
    const auto* command = job.find_text("command");
    if (command == nullptr) return;
    const bool says_something =
        std::any_of(command->text.begin(), command->text.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c >= 0x80;
        });
    if (!says_something)
        findings.error(command->span,
                       "value",
                       "command",
                       localize("Say what to run, for example \"python train.py\"."));
    check_optional_inputs(*command, findings);
    for (const auto& expression : find_expressions(command->text)) {
        check_expression(declared, *command, "command", expression, findings);
    }
}

void check_environment_variables(const Node& job,
                                 const DeclaredNames& declared,
                                 Findings& findings) {
    const auto* variables = job.find("environment_variables");
    if (variables == nullptr) return;
    for (const auto& member : variables->members) {
        const auto where = join_key("environment_variables", member.key);
        if (member.key.empty() || member.key.find('=') != std::string::npos) {
            findings.error(
                member.key_span,
                "name",
                where,
                localize("The name of an environment variable is not empty and has no “=”."));
        }
        if (member.value.type != NodeType::String) continue;
        for (const auto& expression : find_expressions(member.value.text)) {
            check_expression(declared, member.value, where, expression, findings);
        }
    }
}

void check_conda(const Node& conda, Findings& findings) {
    if (conda.type != NodeType::Object) return;
    try {
        const auto packages = from_json(to_ordered_json(conda));
        for (const auto& section : conda.members) {
            const auto& ignored = packages.ignored;
            if (std::find(ignored.begin(), ignored.end(), section.key) == ignored.end()) continue;
            findings.warning(section.key_span,
                             "unknownKey",
                             join_key("environment.conda_file", section.key),
                             ignored_section(section.key));
        }
    } catch (const Error& error) {
        findings.error({conda.span.begin, conda.span.begin + 1},
                       "value",
                       "environment.conda_file",
                       error.message());
    }
}

void check_inline_environment(const Node& environment, Findings& findings) {
    const auto* image = environment.member("image");
    const auto* build = environment.member("build");
    const auto* conda = environment.member("conda_file");
    if (image != nullptr && build != nullptr) {
        findings.error(build->key_span,
                       "conflict",
                       "environment.build",
                       localize("Either “image” or “build”, not both. Remove one."));
    } else if (image == nullptr && build == nullptr) {
        findings.error(
            {environment.span.begin, environment.span.begin + 1},
            "missing",
            "environment.image",
            localize(
                "“image” is missing: name the Docker image to start from, or a “build” folder."));
    } else if (conda != nullptr && image == nullptr) {
        findings.error(conda->key_span,
                       "conflict",
                       "environment.conda_file",
                       localize("“conda_file” needs “image”. With “build”, install the packages in "
                                "the Dockerfile."));
    }
    const auto* image_text = environment.find_text("image");
    if (image_text != nullptr && image_text->text.find_first_not_of(" \t") == std::string::npos) {
        findings.error(
            image_text->span, "value", "environment.image", localize("Name a Docker image."));
    }
    for (const auto name : {"channels", "dependencies"}) {
        const auto* misplaced = environment.member(name);
        if (misplaced == nullptr) continue;
        findings.error(
            misplaced->key_span,
            "value",
            join_key("environment", name),
            localize("“{}” belongs into “conda_file”: \"conda_file\": {{ \"{}\": [ … ] }}.",
                     name,
                     name));
    }
    if (conda != nullptr) check_conda(conda->value, findings);
}

void check_environment(const Node& job, Findings& findings) {
    const auto* environment = job.find("environment");
    if (environment == nullptr) return;
    if (environment->type == NodeType::String)
        check_reference(*environment, "environments", "environment", findings);
    if (environment->type == NodeType::Object) check_inline_environment(*environment, findings);
}

void check_shared_memory(const Node& job, Findings& findings) {
    const auto* resources = job.find("resources");
    const auto* size = resources != nullptr ? resources->find_text("shm_size") : nullptr;
    if (size == nullptr) return;
    const auto& text = size->text;
    const bool unit =
        !text.empty() && std::string_view("bBkKmMgG").find(text.back()) != std::string_view::npos;
    const bool digits =
        text.size() > 1 && std::all_of(text.begin(), text.end() - 1, [](unsigned char c) {
            return std::isdigit(c) != 0;
        });
    if (unit && digits) return;
    findings.error(size->span,
                   "value",
                   "resources.shm_size",
                   localize("Expected a number and one of b, k, m, g, for example \"2g\"."));
}

void check_distribution(const Node& job, Findings& findings) {
    const auto* distribution = job.find("distribution");
    const auto* type = distribution != nullptr ? distribution->find_text("type") : nullptr;
    if (type == nullptr) return;
    if (type->text == "mpi" && distribution->find("process_count_per_instance") == nullptr) {
        findings.error({distribution->span.begin, distribution->span.begin + 1},
                       "missing",
                       "distribution.process_count_per_instance",
                       localize("“process_count_per_instance” is missing: say how many processes "
                                "run on each node."));
    }
}

void check_services(const Node& job, Findings& findings) {
    const auto* services = job.find("services");
    if (services == nullptr) return;
    for (const auto& member : services->members) {
        const auto* type = member.value.find_text("type");
        if (type == nullptr) type = member.value.find_text("job_service_type");
        const bool needs_key = type != nullptr && type->text == "ssh" &&
                               member.value.find("ssh_public_keys") == nullptr;
        if (!needs_key) continue;
        findings.error(member.key_span,
                       "missing",
                       join_key(join_key("services", member.key), "ssh_public_keys"),
                       localize("“ssh_public_keys” is missing: the public key that may log in."));
    }
}

}  // namespace

void check_command(const Node& root, Findings& findings) {
    const auto declared = declared_names(root);
    check_basics(root, findings);
    check_environment(root, findings);
    check_command_line(root, declared, findings);
    check_environment_variables(root, declared, findings);
    check_inputs_and_outputs(root, findings);
    check_shared_memory(root, findings);
    check_distribution(root, findings);
    check_services(root, findings);
}

}  // namespace aml::runconfig
