#include "runconfig/setting.hpp"

#include "runconfig/job_types.hpp"
#include "runconfig/json_reader.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace aml::runconfig {

namespace {

Error wrong_setting(const std::string& problem) {
    return Error(ErrorKind::InvalidParams, problem);
}

/// The parts of a key between its dots and brackets.
std::vector<std::string> steps_of(std::string_view key) {
    std::vector<std::string> steps(1);
    for (std::size_t at = 0; at < key.size(); ++at) {
        const bool is_escaped = key[at] == '\\' && at + 1 < key.size() && key[at + 1] == '.';
        if (is_escaped) {
            steps.back().push_back(key[++at]);
        } else if (key[at] == '.') {
            steps.emplace_back();
        } else if (key[at] == '[' && key.find(']', at) != std::string_view::npos) {
            const auto close = key.find(']', at);
            steps.emplace_back(key.substr(at + 1, close - at - 1));
            at = close;
        } else {
            steps.back().push_back(key[at]);
        }
    }
    return steps;
}

/// The whole path that a key means in a job.
std::vector<std::string> path_of(const Setting& setting, const Node& root) {
    auto steps = steps_of(setting.key);
    if (steps.size() > 1) return steps;
    const auto* type = said_type(root).type;
    const bool is_key = type != nullptr && type->schema.find(steps.front()) != nullptr;
    const auto* inputs = root.find("inputs");
    const auto* input = inputs != nullptr ? inputs->find(steps.front()) : nullptr;
    if (is_key || input == nullptr) return steps;
    steps.insert(steps.begin(), "inputs");
    if (input->type == NodeType::Object && !setting.value.starts_with('{'))
        steps.emplace_back(input->find("path") != nullptr ? "path" : "value");
    return steps;
}

/// Where the value that is replaced stood; of a new one, where it is put.
void place_at(Node& node, Span span) {
    node.span = span;
    for (auto& member : node.members) {
        member.key_span = span;
        place_at(member.value, span);
    }
    for (auto& item : node.items) place_at(item, span);
}

Node node_of(const Setting& setting, const KeySchema* key) {
    const auto& text = setting.value;
    Node node{NodeType::String, {}, text, {}, {}};
    if (!nlohmann::json::accept(text)) return node;
    auto read = read_json(text).root;
    const auto takes = [key](std::uint8_t types) {
        return key == nullptr || (key->types & types) != 0;
    };
    const bool wants_text = takes(types::string);
    const bool is_number = read.type == NodeType::Number;
    const bool is_flag = read.type == NodeType::Boolean;
    const bool stays_text = wants_text && ((is_number && !takes(types::number | types::integer)) ||
                                           (is_flag && !takes(types::boolean)));
    return stays_text ? node : read;
}

Member* own_member(Node& object, const std::string& key) {
    const auto found = std::find_if(object.members.rbegin(),
                                    object.members.rend(),
                                    [&](const Member& member) { return member.key == key; });
    return found == object.members.rend() ? nullptr : &*found;
}

/// Puts a value at the end of a path, and what is missing on the way.
class Putter final {
public:
    Putter(const Setting& setting, std::vector<std::string> path)
        : setting_(setting),
          path_(std::move(path)) {}

    void put(Node& root, Node value) {
        if (root.type != NodeType::Object) lead_nowhere(root);
        put_below(root, 0, std::move(value));
    }

private:
    [[noreturn]] void lead_nowhere(const Node& node) const {
        throw wrong_setting(
            node.type == NodeType::Array
                ? localize("--set {}: the list has {} items; give the number of one, or {} to add "
                           "one.",
                           setting_.key,
                           node.items.size(),
                           node.items.size())
                : localize("--set {}: “{}” has a value of its own, in which nothing can be set.",
                           setting_.key,
                           node.text));
    }

    void put_below(Node& node, std::size_t step, Node value) {
        if (node.type == NodeType::Null || node.type == NodeType::Missing) {
            node.type = NodeType::Object;
            node.text.clear();
        }
        auto& place = node.type == NodeType::Array    ? item_at(node, path_[step])
                      : node.type == NodeType::Object ? member_at(node, path_[step])
                                                      : (lead_nowhere(node), node);
        if (step + 1 < path_.size()) {
            put_below(place, step + 1, std::move(value));
        } else if (value.type == NodeType::Null) {
            take_out(node, path_[step]);
        } else {
            place_at(value, place.span);
            place = std::move(value);
        }
    }

    Node& item_at(Node& list, const std::string& step) const {
        std::size_t number = 0;
        const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), number);
        const bool fits =
            error == std::errc() && end == step.data() + step.size() && number <= list.items.size();
        if (!fits) lead_nowhere(list);
        if (number == list.items.size()) {
            Node added;
            added.span = {list.span.end, list.span.end};
            list.items.push_back(std::move(added));
        }
        return list.items[number];
    }

    static Node& member_at(Node& object, const std::string& key) {
        if (auto* member = own_member(object, key)) return member->value;
        const Span end{object.span.end, object.span.end};
        Member added;
        added.key = key;
        added.key_span = end;
        added.value.span = end;
        object.members.push_back(std::move(added));
        return object.members.back().value;
    }

    static void take_out(Node& node, const std::string& step) {
        if (node.type == NodeType::Array) {
            std::size_t number = 0;
            std::from_chars(step.data(), step.data() + step.size(), number);
            node.items.erase(node.items.begin() + static_cast<std::ptrdiff_t>(number));
        } else {
            std::erase_if(node.members, [&](const Member& member) { return member.key == step; });
        }
    }

    const Setting& setting_;
    std::vector<std::string> path_;
};

}  // namespace

std::string to_string(const Setting& setting) {
    return fmt::format("{}={}", setting.key, setting.value);
}

Setting parse_setting(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw wrong_setting(
            localize("--set takes KEY=VALUE, such as inputs.lr=0.1, not '{}'.", text));
    }
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::vector<std::string> divided_by_commas(std::string_view value) {
    std::vector<std::string> parts(1);
    int open = 0;
    bool in_quotes = false;
    for (const char letter : value) {
        if (letter == '"') in_quotes = !in_quotes;
        if (!in_quotes && (letter == '[' || letter == '{')) ++open;
        if (!in_quotes && (letter == ']' || letter == '}')) --open;
        if (letter == ',' && open <= 0 && !in_quotes) {
            parts.emplace_back();
        } else {
            parts.back().push_back(letter);
        }
    }
    return parts;
}

std::vector<std::vector<Setting>> combinations(const std::vector<Setting>& settings,
                                               std::size_t most) {
    std::vector<std::vector<Setting>> all(1);
    std::set<std::string_view> keys;
    for (const auto& setting : settings) {
        if (!keys.insert(setting.key).second) {
            throw wrong_setting(
                localize("--set {} is given twice: divide its values by commas.", setting.key));
        }
        const auto values = divided_by_commas(setting.value);
        const std::set<std::string> different(values.begin(), values.end());
        if (different.size() < values.size() || different.contains("")) {
            throw wrong_setting(
                localize("--set {}: the values between the commas must differ, "
                         "and none may be empty.",
                         to_string(setting)));
        }
        if (all.size() * values.size() > most) {
            throw wrong_setting(localize(
                "These values have more than {} combinations: give fewer at a time.", most));
        }
        std::vector<std::vector<Setting>> longer;
        for (const auto& combination : all) {
            for (const auto& value : values) {
                longer.push_back(combination);
                longer.back().push_back({setting.key, value});
            }
        }
        all = std::move(longer);
    }
    return all;
}

void apply(const Setting& setting, Document& document) {
    auto path = path_of(setting, document.root());
    const auto has_gap = std::find(path.begin(), path.end(), "") != path.end();
    if (has_gap) {
        throw wrong_setting(localize("--set {}: a part of the key is empty.", setting.key));
    }
    const std::vector<std::string> parent(path.begin(), path.end() - 1);
    const auto* schema = schema_at(document.root(), parent);
    const auto* key = schema != nullptr ? schema->find(path.back()) : nullptr;
    Putter(setting, path).put(document.root(), node_of(setting, key));
}

bool is_about(const Setting& setting, std::string_view key, const Document& document) {
    const auto path = fmt::format("{}", fmt::join(path_of(setting, document.root()), "."));
    return key == path || (key.starts_with(path) && key.substr(path.size()).starts_with('.'));
}

}  // namespace aml::runconfig
