#include "runconfig/rest_job.hpp"

#include "runconfig/job_types.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <charconv>

namespace aml::runconfig {

namespace {

using nlohmann::json;

json word_in_rest(const std::string& text, const KeySchema& key) {
    if (key.values.empty()) return text;
    const auto word = lower(text);
    for (const auto& value : key.values) {
        if (value.value == word && !value.rest.empty()) return value.rest;
    }
    return word;
}

std::int64_t integer_of(const std::string& text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

json value_in_rest(const Node& node, const KeySchema& key) {
    if (key.convert != nullptr) return key.convert(node);
    switch (node.type) {
        case NodeType::String:
            return word_in_rest(node.text, key);
        case NodeType::Boolean:
        case NodeType::Number:
            // What may be a text is one for Azure.
            if ((key.types & types::string) != 0) return literal_text(node);
            if (node.type == NodeType::Number) return integer_of(node.text);
            break;
        case NodeType::Object:
            if (key.object != nullptr) return to_rest(node, *key.object);
            break;
        case NodeType::Null:
            // Of a dictionary: an entry with nothing in it.
            if (key.object != nullptr) return to_rest(node, *key.object);
            return "";
        default:
            break;
    }
    return to_json(node);
}

/// Puts `value` at `path`, whose parts `/` divides. What is there already stays.
void put_at(json& object, std::string_view path, json value) {
    const auto slash = path.find('/');
    auto& place = object[std::string(path.substr(0, slash))];
    if (slash != std::string_view::npos) {
        put_at(place, path.substr(slash + 1), std::move(value));
    } else if (place.is_null()) {
        place = std::move(value);
    } else if (place.is_object() && value.is_object()) {
        for (auto& [name, member] : value.items()) place.emplace(name, std::move(member));
    }
}

void put_key(json& object, const Node& node, const KeySchema& key) {
    if (node.type == NodeType::Null) return;
    const bool is_dictionary = key.object != nullptr && key.object->is_dictionary();
    if (is_dictionary && node.members.empty()) return;
    if (node.type == NodeType::Array && node.items.empty()) return;
    const bool has_list_name = node.type == NodeType::Array && !key.rest_of_list.empty();
    put_at(object, has_list_name ? key.rest_of_list : key.rest, value_in_rest(node, key));
}

}  // namespace

json to_rest(const std::string& name,
             const Input& input,
             const std::map<std::string, std::string>& uris) {
    if (const auto* literal = std::get_if<LiteralInput>(&input))
        return {{"jobInputType", "literal"}, {"value", literal->value}};
    const auto& data = std::get<DataInput>(input);
    const auto uri = uris.find(name);
    auto result = data.rest;
    result["uri"] = uri != uris.end() ? uri->second : data.path;
    return result;
}

std::string literal_text(const Node& value) {
    if (value.type == NodeType::Boolean) return value.text == "true" ? "True" : "False";
    return value.text;
}

json to_rest(const Node& object, const ObjectSchema& schema) {
    if (schema.free_form) return to_json(object);
    auto result = json::object();
    if (!schema.marker.name.empty()) result[std::string(schema.marker.name)] = schema.marker.value;
    for (const auto& key : schema.keys) {
        if (key.rest.empty()) continue;
        if (const auto* node = object.find(key.name)) {
            put_key(result, *node, key);
        } else if (!key.implied.empty()) {
            put_at(result, key.rest, key.implied);
        }
    }
    if (!schema.is_dictionary()) return result;
    for (const auto& member : object.members)
        result[member.key] = value_in_rest(member.value, *schema.additional);
    return result;
}

json to_rest(const Job& job, const ResolvedReferences& resolved) {
    const auto& basics = basics_of(job);
    auto properties = basics.rest;
    if (basics.display_name) properties["displayName"] = *basics.display_name;
    if (basics.experiment_name) properties["experimentName"] = *basics.experiment_name;
    if (resolved.compute_id) properties["computeId"] = *resolved.compute_id;
    for (const auto& [name, input] : basics.inputs)
        properties["inputs"][name] = to_rest(name, input, resolved.input_uris);
    type_of(job).put(properties, job, resolved);
    auto body = json::object();
    body["properties"] = std::move(properties);
    return body;
}

}  // namespace aml::runconfig
