#include "runconfig/sweep_wish.hpp"

#include "runconfig/command_line.hpp"
#include "runconfig/json_reader.hpp"
#include "runconfig/sweep_rest.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

namespace aml::runconfig {

namespace {

/// A kind of space and what its arguments are called.
struct SpaceForm {
    std::string_view name;
    std::vector<std::string_view> arguments;
};

const std::array space_forms{
    SpaceForm{"uniform", {"min_value", "max_value"}},
    SpaceForm{"loguniform", {"min_value", "max_value"}},
    SpaceForm{"quniform", {"min_value", "max_value", "q"}},
    SpaceForm{"qloguniform", {"min_value", "max_value", "q"}},
    SpaceForm{"normal", {"mu", "sigma"}},
    SpaceForm{"lognormal", {"mu", "sigma"}},
    SpaceForm{"qnormal", {"mu", "sigma", "q"}},
    SpaceForm{"qlognormal", {"mu", "sigma", "q"}},
    SpaceForm{"randint", {"upper"}},
};

constexpr std::array<std::string_view, 6> keys_of_a_program{
    "command", "code", "environment", "environment_variables", "resources", "distribution"};

Error wrong_wish(const std::string& problem) {
    return Error(ErrorKind::InvalidParams, problem);
}

Node text_node(std::string_view text) {
    return {NodeType::String, {}, std::string(text), {}, {}};
}

Node value_node(const std::string& text) {
    return nlohmann::json::accept(text) ? read_json(text).root : text_node(text);
}

Node number_node(std::uint64_t number) {
    return {NodeType::Number, {}, std::to_string(number), {}, {}};
}

Node object_node() {
    return {NodeType::Object, {}, {}, {}, {}};
}

void set_member(Node& object, std::string_view key, Node value) {
    std::erase_if(object.members, [&](const Member& member) { return member.key == key; });
    object.members.push_back({std::string(key), {}, std::move(value)});
}

/// The member of `key`, which is made when there is none.
Node& member_of(Node& object, std::string_view key) {
    if (object.find(key) == nullptr) set_member(object, key, object_node());
    const auto found = std::find_if(object.members.rbegin(),
                                    object.members.rend(),
                                    [&](const Member& member) { return member.key == key; });
    return found->value;
}

std::optional<Node> take_member(Node& object, std::string_view key) {
    const auto* found = object.find(key);
    if (found == nullptr) return std::nullopt;
    auto value = *found;
    std::erase_if(object.members, [&](const Member& member) { return member.key == key; });
    return value;
}

/// `text` with `${{inputs.NAME}}` as a hyperparameter.
std::string with_search(std::string text, const std::string& name) {
    for (auto start = text.find("${{"); start != std::string::npos;
         start = text.find("${{", start + 1)) {
        const auto end = text.find("}}", start);
        if (end == std::string::npos) break;
        const auto inner = trimmed(std::string_view(text).substr(start + 3, end - start - 3));
        if (inner == "inputs." + name)
            text.replace(start, end + 2 - start, fmt::format("${{{{search_space.{}}}}}", name));
    }
    return text;
}

/// What a command job runs becomes the trial of a sweep.
void turn_into_sweep(Node& root) {
    auto trial = object_node();
    for (const auto key : keys_of_a_program) {
        if (auto value = take_member(root, key)) set_member(trial, key, std::move(*value));
    }
    auto limits = object_node();
    if (const auto old = take_member(root, "limits")) {
        if (const auto* timeout = old->find("timeout"))
            set_member(limits, "trial_timeout", *timeout);
    }
    take_member(root, "$schema");
    take_member(root, "services");
    set_member(root, "limits", std::move(limits));
    set_member(root, "type", text_node("sweep"));
    set_member(root, "trial", std::move(trial));
}

void search_for(const Setting& search, Node& root) {
    // All made first, since one that is added moves the others.
    for (const auto* key : {"inputs", "trial", "search_space"}) member_of(root, key);
    auto& inputs = member_of(root, "inputs");
    auto& trial = member_of(root, "trial");
    auto& space = member_of(root, "search_space");
    const bool is_known = inputs.find(search.key) != nullptr || space.find(search.key) != nullptr;
    if (!is_known) {
        throw wrong_wish(
            localize("--search {}: there is no input “{}” whose values could be "
                     "searched.",
                     search.key,
                     search.key));
    }
    take_member(inputs, search.key);
    for (auto& member : trial.members) {
        if (member.key == "command") member.value.text = with_search(member.value.text, search.key);
        if (member.key != "environment_variables") continue;
        for (auto& variable : member.value.members)
            variable.value.text = with_search(variable.value.text, search.key);
    }
    set_member(space, search.key, read_space(search));
}

void give_options(const std::vector<ScriptOption>& options, Node& root) {
    if (options.empty()) return;
    for (const auto& option : options)
        set_member(member_of(root, "inputs"), option.name, value_node(option.value.value_or("")));
    auto& command = member_of(root, "command");
    command.type = NodeType::String;
    // Each is put right behind the script.
    for (const auto& option : std::views::reverse(options))
        command.text =
            with_option(command.text, option.flag, fmt::format("${{{{inputs.{}}}}}", option.name));
}

std::uint64_t limit_at(const Node& object, std::string_view key) {
    const auto* value = object.find(key);
    const auto number = value != nullptr ? number_in(*value).value_or(0) : 0;
    return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

void place_all(Node& node, Span span) {
    if (node.span.end == 0) node.span = span;
    for (auto& member : node.members) {
        if (member.key_span.end == 0) member.key_span = span;
        place_all(member.value, span);
    }
    for (auto& item : node.items) place_all(item, span);
}

}  // namespace

Node read_space(const Setting& search) {
    const auto text = trimmed(search.value);
    const auto open = text.find('(');
    const auto form_of_all = localize(
        "--search {}: expected choice(A,B,…), uniform(MIN,MAX), loguniform, normal(MU,SIGMA), "
        "lognormal, each with q before it and Q behind (quniform(MIN,MAX,Q)), or randint(UPPER).",
        to_string(search));
    if (open == std::string::npos || !text.ends_with(')')) throw wrong_wish(form_of_all);
    const auto kind = lower(text.substr(0, open));
    const auto values =
        divided_by_commas(std::string_view(text).substr(open + 1, text.size() - open - 2));
    auto space = object_node();
    set_member(space, "type", text_node(kind));
    if (kind == "choice") {
        Node list{NodeType::Array, {}, {}, {}, {}};
        for (const auto& value : values) list.items.push_back(value_node(trimmed(value)));
        set_member(space, "values", std::move(list));
        return space;
    }
    const auto form = std::find_if(space_forms.begin(),
                                   space_forms.end(),
                                   [&](const SpaceForm& known) { return known.name == kind; });
    if (form == space_forms.end() || form->arguments.size() != values.size())
        throw wrong_wish(form_of_all);
    for (std::size_t i = 0; i < values.size(); ++i)
        set_member(space, form->arguments[i], value_node(trimmed(values[i])));
    return space;
}

std::optional<std::uint64_t> combinations_of(const Node& search_space) {
    constexpr std::uint64_t more_than_anybody_tries = 1'000'000;
    std::uint64_t count = 1;
    for (const auto& member : search_space.members) {
        const auto* type = member.value.find_text("type");
        const auto* values = member.value.find("values");
        if (type == nullptr || lower(type->text) != "choice" || values == nullptr)
            return std::nullopt;
        count = std::min(count * values->items.size(), more_than_anybody_tries);
    }
    return count;
}

void make_sweep(const SweepWish& wish, Document& document) {
    auto& root = document.root();
    if (root.type != NodeType::Object) return;
    const auto whole = root.span;
    const auto* type = root.find_text("type");
    const bool is_sweep = type != nullptr && lower(type->text) == "sweep";
    if (!is_sweep) {
        give_options(wish.options, root);
        turn_into_sweep(root);
    }
    for (const auto& search : wish.search) search_for(search, root);
    if (wish.metric || wish.goal) {
        auto& objective = member_of(root, "objective");
        if (wish.metric) set_member(objective, "primary_metric", text_node(*wish.metric));
        if (wish.goal || objective.find("goal") == nullptr)
            set_member(objective, "goal", text_node(wish.goal.value_or("maximize")));
    }
    if (root.find("objective") == nullptr ||
        root.find("objective")->find("primary_metric") == nullptr) {
        throw wrong_wish(
            localize("--metric is missing: the metric that trials are compared by, "
                     "as the script logs it."));
    }
    auto& limits = member_of(root, "limits");
    constexpr std::uint64_t usual_trials = 20;
    constexpr std::uint64_t usual_at_once = 4;
    if (wish.most_trials || limits.find("max_total_trials") == nullptr)
        set_member(
            limits, "max_total_trials", number_node(wish.most_trials.value_or(usual_trials)));
    const auto most = std::min(usual_at_once, wish.most_trials.value_or(usual_trials));
    if (wish.most_at_once || limits.find("max_concurrent_trials") == nullptr)
        set_member(limits, "max_concurrent_trials", number_node(wish.most_at_once.value_or(most)));
    if (root.find("sampling_algorithm") == nullptr) {
        const auto combinations = combinations_of(member_of(root, "search_space"));
        const bool is_grid = combinations && *combinations <= limit_at(limits, "max_total_trials");
        set_member(root, "sampling_algorithm", text_node(is_grid ? "grid" : "random"));
    }
    place_all(root, {whole.begin, whole.begin});
}

}  // namespace aml::runconfig
