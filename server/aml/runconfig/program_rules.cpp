#include "runconfig/program_rules.hpp"

#include "runconfig/command_line.hpp"
#include "runconfig/package_files.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace aml::runconfig {

namespace {

/// What a command can do with an expression that is not known.
std::string unknown_root(const Expression& expression, const DeclaredNames& declared) {
    if (declared.find("search_space") != nullptr) {
        return localize(
            "“{}” is not known in a sweep: use ${{{{search_space.<name>}}}}, "
            "${{{{inputs.<name>}}}} or ${{{{outputs.<name>}}}}.",
            expression.root);
    }
    return localize(
        "“{}” is not known in a command job: use ${{{{inputs.<name>}}}} "
        "or ${{{{outputs.<name>}}}}.",
        expression.root);
}

LocalizedText undeclared(const Expression& expression) {
    if (expression.root == "inputs") return localize("There is no input “{}”.", expression.name);
    if (expression.root == "outputs") return localize("There is no output “{}”.", expression.name);
    return localize("“search_space” has no “{}”.", expression.name);
}

void check_expression(const DeclaredNames& declared,
                      const Node& text,
                      const std::string& where,
                      const Expression& expression,
                      Findings& findings) {
    // Looking for the place, and for the name that was meant, takes a look at all of the text.
    if (findings.is_full()) return;
    const auto* names = declared.find(expression.root);
    if (expression.closed && names != nullptr && names->all.contains(expression.name)) return;
    const auto span = findings.document().part_of(text, expression.span);
    if (!expression.closed) {
        findings.error(span,
                       "expression",
                       where,
                       localize("This expression is never closed: “}}}}” is missing."));
        return;
    }
    if (names == nullptr) {
        findings.error(span, "expression", where, unknown_root(expression, declared));
        return;
    }
    const auto similar = nearest(expression.name, names->in_order);
    const auto hint = similar.empty()
                          ? localize("Add \"{}\" to “{}”.", expression.name, expression.root)
                          : localize("Did you mean \"{}\"?", similar);
    findings.error(span, "expression", where, sentences(undeclared(expression), hint));
}

/// `$[[ … ]]` around an input that may be left out is for components: the shell of a job fails on
/// it.
void check_optional_inputs(const Node& command, const std::string& where, Findings& findings) {
    constexpr std::size_t bracket = 3;
    const std::string_view text = command.text;
    for (auto open = text.find("$[["); open != std::string_view::npos;) {
        const auto close = text.find("]]", open);
        if (close == std::string_view::npos) return;
        const auto inside = text.substr(open + bracket, close - open - bracket);
        if (inside.find("${{") != std::string_view::npos) {
            findings.error(findings.document().part_of(command, {open, close + 2}),
                           "expression",
                           where,
                           localize("A job has no optional inputs: only components understand "
                                    "“$[[ ]]”. Write “{}” without it.",
                                    trimmed_view(inside)));
        }
        open = text.find("$[[", close);
    }
}

void check_command_line(const Node& program,
                        const std::string& place,
                        const DeclaredNames& declared,
                        OptionalInputs optional,
                        Findings& findings) {
    const auto* command = program.find_text("command");
    if (command == nullptr) return;
    const auto where = join_key(place, "command");
    const bool says_something =
        std::any_of(command->text.begin(), command->text.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c >= 0x80;
        });
    if (!says_something)
        findings.error(command->span,
                       "value",
                       where,
                       localize("Say what to run, for example \"python train.py\"."));
    if (optional == OptionalInputs::Refused) check_optional_inputs(*command, where, findings);
    for (const auto& expression : find_expressions(command->text)) {
        check_expression(declared, *command, where, expression, findings);
    }
}

void check_environment_variables(const Node& program,
                                 const std::string& place,
                                 const DeclaredNames& declared,
                                 Findings& findings) {
    const auto* variables = program.find("environment_variables");
    if (variables == nullptr) return;
    for (const auto& member : variables->members) {
        const auto where = join_key(join_key(place, "environment_variables"), member.key);
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

void check_conda(const Node& conda, const std::string& where, Findings& findings) {
    if (conda.type != NodeType::Object) return;
    try {
        const auto packages = from_json(to_ordered_json(conda));
        for (const auto& section : conda.members) {
            const auto& ignored = packages.ignored;
            if (std::find(ignored.begin(), ignored.end(), section.key) == ignored.end()) continue;
            findings.warning(section.key_span,
                             "unknownKey",
                             join_key(where, section.key),
                             ignored_section(section.key));
        }
    } catch (const Error& error) {
        findings.error({conda.span.begin, conda.span.begin + 1}, "value", where, error.message());
    }
}

void check_inline_environment(const Node& environment,
                              const std::string& where,
                              Findings& findings) {
    const auto* image = environment.member("image");
    const auto* build = environment.member("build");
    const auto* conda = environment.member("conda_file");
    if (image != nullptr && build != nullptr) {
        findings.error(build->key_span,
                       "conflict",
                       join_key(where, "build"),
                       localize("Either “image” or “build”, not both. Remove one."));
    } else if (image == nullptr && build == nullptr) {
        findings.error(
            {environment.span.begin, environment.span.begin + 1},
            "missing",
            join_key(where, "image"),
            localize(
                "“image” is missing: name the Docker image to start from, or a “build” folder."));
    } else if (conda != nullptr && image == nullptr) {
        findings.error(conda->key_span,
                       "conflict",
                       join_key(where, "conda_file"),
                       localize("“conda_file” needs “image”. With “build”, install the packages in "
                                "the Dockerfile."));
    }
    const auto* image_text = environment.find_text("image");
    if (image_text != nullptr && image_text->text.find_first_not_of(" \t") == std::string::npos) {
        findings.error(
            image_text->span, "value", join_key(where, "image"), localize("Name a Docker image."));
    }
    for (const auto name : {"channels", "dependencies"}) {
        const auto* misplaced = environment.member(name);
        if (misplaced == nullptr) continue;
        findings.error(
            misplaced->key_span,
            "value",
            join_key(where, name),
            localize("“{}” belongs into “conda_file”: \"conda_file\": {{ \"{}\": [ … ] }}.",
                     name,
                     name));
    }
    if (conda != nullptr) check_conda(conda->value, join_key(where, "conda_file"), findings);
}

void check_environment(const Node& program, const std::string& place, Findings& findings) {
    const auto* environment = program.find("environment");
    if (environment == nullptr) return;
    const auto where = join_key(place, "environment");
    if (environment->type == NodeType::String)
        check_reference(*environment, "environments", where, findings);
    if (environment->type == NodeType::Object)
        check_inline_environment(*environment, where, findings);
}

void check_shared_memory(const Node& program, const std::string& place, Findings& findings) {
    const auto* resources = program.find("resources");
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
                   join_key(place, "resources.shm_size"),
                   localize("Expected a number and one of b, k, m, g, for example \"2g\"."));
}

void check_distribution(const Node& program, const std::string& place, Findings& findings) {
    const auto* distribution = program.find("distribution");
    const auto* type = distribution != nullptr ? distribution->find_text("type") : nullptr;
    if (type == nullptr) return;
    if (type->text == "mpi" && distribution->find("process_count_per_instance") == nullptr) {
        findings.error({distribution->span.begin, distribution->span.begin + 1},
                       "missing",
                       join_key(place, "distribution.process_count_per_instance"),
                       localize("“process_count_per_instance” is missing: say how many processes "
                                "run on each node."));
    }
}

}  // namespace

DeclaredNames::DeclaredNames(const Node& job, const std::vector<std::string_view>& groups) {
    for (const auto name : groups) {
        auto& group = groups_[name];
        const auto* object = job.find(name);
        if (object == nullptr) continue;
        for (const auto& member : object->members) {
            group.in_order.push_back(member.key);
            group.all.insert(member.key);
        }
    }
}

const DeclaredNames::Group* DeclaredNames::find(std::string_view group) const {
    const auto found = groups_.find(group);
    return found == groups_.end() ? nullptr : &found->second;
}

void check_program(const Node& program,
                   const std::string& place,
                   const DeclaredNames& declared,
                   Findings& findings,
                   OptionalInputs optional) {
    check_environment(program, place, findings);
    check_command_line(program, place, declared, optional, findings);
    check_environment_variables(program, place, declared, findings);
    check_shared_memory(program, place, findings);
    check_distribution(program, place, findings);
}

}  // namespace aml::runconfig
