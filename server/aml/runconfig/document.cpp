#include "runconfig/document.hpp"

#include "runconfig/json_reader.hpp"
#include "runconfig/yaml_cursor.hpp"
#include "runconfig/yaml_reader.hpp"
#include "support/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace aml::runconfig {

namespace {

/// The item of `node` named by one step of a path.
const Node* step_into(const Node& node, const std::string& step) {
    if (node.type != NodeType::Array) return node.find(step);
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), number);
    if (error != std::errc() || end != step.data() + step.size()) return nullptr;
    return number < node.items.size() ? &node.items[number] : nullptr;
}

bool is_container(const Node& node) {
    return node.type == NodeType::Object || node.type == NodeType::Array;
}

/// Whether the cursor is inside what stands there, not on its ends.
bool is_inside(const Node& node, std::size_t offset) {
    return is_container(node) && offset > node.span.begin &&
           (offset < node.span.end || (!node.closed && offset <= node.span.end));
}

/// Whether brackets are around a container; those of YAML need none.
bool has_brackets(const Node& node, std::string_view text) {
    const auto first = text.substr(node.span.begin, 1);
    return first == "{" || first == "[";
}

/// The innermost object or array with brackets that the cursor is in; nothing else of the cursor.
Cursor between_brackets(const Node& root, std::string_view text, std::size_t offset) {
    Cursor result;
    result.replace = {offset, offset};
    std::vector<std::string> path;
    const Node* node = is_inside(root, offset) ? &root : nullptr;
    while (node != nullptr) {
        if (has_brackets(*node, text)) {
            result.node = node;
            result.container = path;
        }
        const Node* inner = nullptr;
        std::string step;
        for (const auto& member : node->members) {
            if (!is_inside(member.value, offset)) continue;
            inner = &member.value;
            step = member.key;
        }
        for (std::size_t i = 0; i < node->items.size(); ++i) {
            if (!is_inside(node->items[i], offset)) continue;
            inner = &node->items[i];
            step = std::to_string(i);
        }
        node = inner;
        path.push_back(std::move(step));
    }
    return result;
}

/// The member whose key or value the cursor is in or after, up to the next member.
const Member* member_before(const Node& object, std::size_t offset) {
    const Member* found = nullptr;
    for (const auto& member : object.members) {
        if (member.key_span.begin <= offset) found = &member;
    }
    return found;
}

/// Whether only white space and one `:` may stand between the key and the cursor.
bool after_colon(std::string_view text, const Member& member, std::size_t offset) {
    const auto colon = text.find(':', member.key_span.end);
    return colon != std::string_view::npos && colon < offset &&
           text.substr(member.key_span.end, colon - member.key_span.end)
                   .find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void locate_in_object(std::string_view text, std::size_t offset, Cursor& cursor) {
    const auto* member = member_before(*cursor.node, offset);
    cursor.replace = {offset, offset};
    cursor.place = Cursor::Place::Key;
    if (member == nullptr) return;
    if (member->key_span.touches(offset)) {
        cursor.key = member->key;
        cursor.replace = member->key_span;
        cursor.has_value = text.find_first_not_of(" \t\r\n", member->key_span.end) ==
                           text.find(':', member->key_span.end);
        cursor.has_value =
            cursor.has_value && text.find(':', member->key_span.end) != std::string_view::npos;
        return;
    }
    const bool in_value =
        member->value.type != NodeType::Missing && member->value.span.touches(offset);
    const bool before_value =
        after_colon(text, *member, offset) &&
        (member->value.type == NodeType::Missing || offset < member->value.span.begin);
    if (in_value || before_value) {
        cursor.place = Cursor::Place::Value;
        cursor.key = member->key;
        if (in_value) cursor.replace = member->value.span;
        return;
    }
    // Between two members: a new key, but only after a comma or at the start of a line.
    if (!after_colon(text, *member, offset)) cursor.place = Cursor::Place::Elsewhere;
}

void locate_in_array(std::size_t offset, Cursor& cursor) {
    cursor.place = Cursor::Place::Value;
    cursor.replace = {offset, offset};
    std::size_t number = 0;
    for (const auto& item : cursor.node->items) {
        if (item.span.touches(offset)) cursor.replace = item.span;
        if (item.span.end < offset) ++number;
    }
    cursor.key = std::to_string(number);
}

/// The value of a node, in either kind of JSON.
template <typename Json>
Json value_of(const Node& node) {
    switch (node.type) {
        case NodeType::Missing:
        case NodeType::Null:
            return nullptr;
        case NodeType::Boolean:
            return node.text == "true";
        case NodeType::Number: {
            auto number = Json::parse(node.text, nullptr, false);
            // JSON has no infinity.
            return number.is_discarded() ? Json(node.text) : number;
        }
        case NodeType::String:
            return node.text;
        case NodeType::Array: {
            auto items = Json::array();
            for (const auto& item : node.items) items.push_back(value_of<Json>(item));
            return items;
        }
        case NodeType::Object: {
            auto members = Json::object();
            for (const auto& member : node.members)
                members[member.key] = value_of<Json>(member.value);
            return members;
        }
    }
    return nullptr;
}

}  // namespace

const Member* Node::member(std::string_view key) const {
    const Member* found = nullptr;
    for (const auto& candidate : members) {
        if (candidate.key == key) found = &candidate;
    }
    return found;
}

const Node* Node::find(std::string_view key) const {
    const auto* found = member(key);
    return found != nullptr ? &found->value : nullptr;
}

const Node* Node::find_text(std::string_view key) const {
    const auto* found = find(key);
    return found != nullptr && found->type == NodeType::String ? found : nullptr;
}

Syntax syntax_of(const std::filesystem::path& file) {
    const auto ending = lower(file.extension().string());
    return ending == ".yml" || ending == ".yaml" ? Syntax::Yaml : Syntax::Json;
}

Document::Document(std::string text, Syntax syntax)
    : syntax_(syntax),
      index_(std::move(text)) {
    auto reading = syntax == Syntax::Yaml ? read_yaml(index_.text()) : read_json(index_.text());
    root_ = std::move(reading.root);
    problems_ = std::move(reading.problems);
    const auto earlier = [](const SyntaxProblem& a, const SyntaxProblem& b) {
        return a.span.begin < b.span.begin;
    };
    std::stable_sort(problems_.begin(), problems_.end(), earlier);
}

const Node* Document::at(const std::vector<std::string>& path) const {
    const Node* node = &root_;
    for (const auto& step : path) {
        node = step_into(*node, step);
        if (node == nullptr) return nullptr;
    }
    return node;
}

const Node* Document::at_key(std::string_view key) const {
    std::vector<std::string> path;
    for (std::size_t begin = 0; begin <= key.size();) {
        const auto end = std::min(key.find('.', begin), key.size());
        path.emplace_back(key.substr(begin, end - begin));
        begin = end + 1;
    }
    return at(path);
}

Cursor Document::cursor(std::size_t offset) const {
    auto result = between_brackets(root_, text(), offset);
    if (result.node == nullptr && syntax_ == Syntax::Yaml) return yaml_cursor(*this, offset);
    if (result.node == nullptr) return result;
    if (result.node->type == NodeType::Object) {
        locate_in_object(text(), offset, result);
    } else {
        locate_in_array(offset, result);
    }
    return result;
}

std::string_view Document::written(const Node& node) const {
    return std::string_view(text()).substr(node.span.begin, node.span.end - node.span.begin);
}

Span Document::part_of(const Node& node, Span part) const {
    const auto decoded = std::string_view(node.text);
    const auto wanted = decoded.substr(part.begin, part.end - part.begin);
    const auto source = written(node);
    // The same words may stand there several times, and as often before this place.
    auto in_decoded = decoded.find(wanted);
    auto in_source = source.find(wanted);
    while (in_source != std::string_view::npos && in_decoded < part.begin) {
        in_decoded = decoded.find(wanted, in_decoded + 1);
        in_source = source.find(wanted, in_source + 1);
    }
    if (wanted.empty() || in_source == std::string_view::npos) return node.span;
    const auto begin = node.span.begin + in_source;
    return {begin, begin + wanted.size()};
}

nlohmann::json to_json(const Node& node) {
    return value_of<nlohmann::json>(node);
}

nlohmann::ordered_json to_ordered_json(const Node& node) {
    return value_of<nlohmann::ordered_json>(node);
}

}  // namespace aml::runconfig
