#include "runconfig/sweep_draft.hpp"

#include "runconfig/command_line.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/run_configuration.hpp"
#include "runconfig/writer.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace aml::runconfig {

namespace {

using nlohmann::ordered_json;

bool is_literal(const Node& value) {
    return value.type == NodeType::Number || value.type == NodeType::String ||
           value.type == NodeType::Boolean;
}

/// The option that an input fills, as the script declares it, else by what the input is now.
ScriptOption option_of_input(const Member& input,
                             std::string_view flag,
                             const std::vector<ScriptOption>& declared) {
    const auto known = std::find_if(declared.begin(), declared.end(), [&](const auto& option) {
        return !flag.empty() && option.flag == flag;
    });
    ScriptOption option = known != declared.end() ? *known : ScriptOption{};
    option.name = input.key;
    option.flag.clear();
    option.value = input.value.text;
    if (known == declared.end() && input.value.type == NodeType::Number) {
        const bool is_whole = input.value.text.find_first_of(".eE") == std::string::npos;
        option.type = is_whole ? ScriptOption::Type::Integer : ScriptOption::Type::Number;
    }
    return option;
}

/// In the order of the schema; what it does not know comes last.
ordered_json in_order(const ordered_json& object, const ObjectSchema& schema) {
    auto ordered = ordered_json::object();
    for (const auto& key : schema.keys) {
        const auto found = object.find(std::string(key.name));
        if (found != object.end()) ordered[std::string(key.name)] = *found;
    }
    for (const auto& [key, value] : object.items()) {
        if (!ordered.contains(key)) ordered[key] = value;
    }
    return ordered;
}

}  // namespace

std::vector<ScriptOption> searchable_options(const Document& job, std::string_view source) {
    const auto declared = script_options(source);
    std::vector<ScriptOption> options;
    std::set<std::string> filled;
    std::set<std::string> taken;
    const auto* command = job.root().find_text("command");
    const auto* inputs = job.root().find("inputs");
    if (inputs != nullptr) {
        for (const auto& input : inputs->members) taken.insert(input.key);
    }
    const std::string text = command != nullptr ? command->text : std::string();
    for (const auto& expression : find_expressions(text)) {
        const auto flag = flag_before(text, expression.span.begin);
        filled.emplace(flag);
        const auto* input = inputs != nullptr ? inputs->member(expression.name) : nullptr;
        const bool is_used = expression.root == "inputs" && input != nullptr;
        const bool is_there =
            std::any_of(options.begin(), options.end(), [&](const ScriptOption& known) {
                return known.name == expression.name;
            });
        if (is_used && !is_there && is_literal(input->value))
            options.push_back(option_of_input(*input, flag, declared));
    }
    for (const auto& option : declared) {
        if (!filled.contains(option.flag) && !taken.contains(option.name))
            options.push_back(option);
    }
    return options;
}

std::string sweep_text(const SweepWish& wish, Document job) {
    make_sweep(wish, job);
    auto object = to_ordered_json(job.root());
    // A name runs once.
    object.erase("name");
    for (const auto* key : {"inputs", "environment_variables", "tags"}) {
        if (object.contains(key) && object[key].empty()) object.erase(key);
    }
    object["$schema"] = ordered_json::parse(sweep_schema.find("$schema")->snippet);
    return write_document(in_order(object, sweep_schema));
}

std::optional<std::string> space_problem(const std::string& name, const std::string& space) {
    Node read;
    try {
        read = read_space({name, space});
    } catch (const Error&) {
        return localize(
            "Expected choice(A,B,…), uniform(MIN,MAX), loguniform, normal(MU,SIGMA), lognormal, "
            "each with q before it and Q behind (quniform(MIN,MAX,Q)), or randint(UPPER).");
    }
    auto document = ordered_json::object();
    document["type"] = "sweep";
    document["search_space"][name] = to_ordered_json(read);
    for (const auto& problem : analyse(document.dump()).diagnostics) {
        if (problem.severity == Severity::Error && problem.key.starts_with("search_space"))
            return problem.message;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> combinations_of(const std::vector<Setting>& search) {
    Node space{NodeType::Object, {}, {}, {}, {}};
    try {
        for (const auto& one : search) space.members.push_back({one.key, {}, read_space(one)});
    } catch (const Error&) {
        return std::nullopt;
    }
    return combinations_of(space);
}

std::filesystem::path sweep_path(const std::filesystem::path& configuration, std::size_t number) {
    auto name = configuration.filename().string();
    constexpr std::array<std::string_view, 6> endings{
        ".job.json", ".job.yml", ".job.yaml", ".json", ".yml", ".yaml"};
    for (const auto ending : endings) {
        if (!name.ends_with(ending)) continue;
        name.resize(name.size() - ending.size());
        break;
    }
    const auto counted = number > 1 ? std::to_string(number) : std::string();
    return configuration.parent_path() / fmt::format("{}.sweep{}.job.json", name, counted);
}

}  // namespace aml::runconfig
