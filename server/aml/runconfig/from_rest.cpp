#include "runconfig/from_rest.hpp"

#include "runconfig/job_types.hpp"
#include "runconfig/shared_schema.hpp"
#include "runconfig/writer.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace aml::runconfig {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json object_from_rest(json rest, const ObjectSchema& schema);

bool says_nothing(const json& value) {
    return value.is_null() || value == "" || (value.is_structured() && value.empty());
}

std::string word_from_rest(const std::string& word, const KeySchema& key) {
    for (const auto& value : key.values) {
        if (same_name(value.rest.empty() ? value.value : value.rest, word))
            return std::string(value.value);
    }
    return word;
}

ordered_json value_from_rest(const json& value, const KeySchema& key) {
    if (key.restore != nullptr) return key.restore(value);
    if (value.is_object() && key.object != nullptr) return object_from_rest(value, *key.object);
    if (value.is_string()) return word_from_rest(value.get<std::string>(), key);
    return value;
}

/// Takes away what is at `path`, whose parts `/` divides, so that no other key says it again.
std::optional<json> take(json& object, std::string_view path) {
    const auto slash = path.find('/');
    const auto found = object.find(path.substr(0, slash));
    if (found == object.end()) return std::nullopt;
    if (slash != std::string_view::npos) {
        return found->is_object() ? take(*found, path.substr(slash + 1)) : std::nullopt;
    }
    auto value = std::move(*found);
    object.erase(found);
    return value;
}

std::optional<json> take(json& rest, const KeySchema& key) {
    if (key.rest.empty()) return std::nullopt;
    auto value = take(rest, key.rest);
    if (!key.rest_of_list.empty() && (!value || says_nothing(*value)))
        value = take(rest, key.rest_of_list);
    return value;
}

ordered_json object_from_rest(json rest, const ObjectSchema& schema) {
    if (schema.free_form) return rest;
    auto object = ordered_json::object();
    if (schema.is_dictionary()) {
        for (const auto& [name, value] : rest.items())
            object[name] = value_from_rest(value, *schema.additional);
        return object;
    }
    for (const auto& key : schema.keys) {
        const auto value = take(rest, key);
        if (!value || says_nothing(*value) || *value == key.implied) continue;
        object[std::string(key.name)] = value_from_rest(*value, key);
    }
    return object;
}

/// Written as what it is taken for, where that is sent as the same text.
ordered_json literal_from_rest(const std::string& text) {
    if (text == "True") return true;
    if (text == "False") return false;
    const auto number = ordered_json::parse(text, nullptr, false);
    return number.is_number() && number.dump() == text ? number : ordered_json(text);
}

ordered_json input_from_rest(const json& input) {
    if (text_of(input, "jobInputType") == "literal")
        return literal_from_rest(text_of(input, "value"));
    auto object = object_from_rest(input, shared::input_schema);
    object["path"] = text_of(input, "uri");
    return object;
}

/// The service, or a script, wrote it while the job ran: a property or a tag.
bool was_written_later(std::string_view name) {
    constexpr std::array<std::string_view, 7> beginnings{"_aml_system_",
                                                         "_azureml",
                                                         "azureml.",
                                                         "mlflow.",
                                                         "ContentSnapshotId",
                                                         "ProcessInfoFile",
                                                         "ProcessStatusFile"};
    return std::ranges::any_of(
        beginnings, [&](std::string_view beginning) { return name.starts_with(beginning); });
}

void leave_out_the_services(json& properties, const std::string& name) {
    const auto erase_if = [&](const char* member, auto condition) {
        const auto object = properties.find(member);
        if (object == properties.end() || !object->is_object()) return;
        for (auto entry = object->begin(); entry != object->end();)
            entry = condition(entry.key(), entry.value()) ? object->erase(entry) : std::next(entry);
    };
    for (const auto* member : {"properties", "tags"})
        erase_if(member,
                 [](const std::string& key, const json&) { return was_written_later(key); });
    erase_if("services", [](const std::string&, const json& service) {
        const auto type = text_of(service, "jobServiceType");
        return type.empty() || type == "Studio" || type == "Tracking";
    });
    // Every run has this output; and the place of any other is named after the run.
    erase_if("outputs", [&](const std::string& key, json& output) {
        if (output.is_object() && text_of(output, "uri").find(name) != std::string::npos)
            output.erase("uri");
        return key == "default";
    });
}

void put_text(ordered_json& object, std::string_view key, const std::string& text) {
    if (!text.empty()) object[std::string(key)] = text;
}

}  // namespace

std::string to_text(const SubmittedJob& job) {
    auto rest = job.properties;
    const auto type = text_of(rest, "jobType");
    if (type != "Command") {
        throw Error(ErrorKind::Rejected,
                    localize("A run of the type {} cannot be repeated with changes: only command "
                             "jobs can.",
                             type));
    }
    leave_out_the_services(rest, job.name);
    auto object = ordered_json::object();
    for (const auto& key : command_schema.keys) {
        const auto name = key.name;
        if (name == "$schema") {
            object["$schema"] = ordered_json::parse(key.snippet);
        } else if (name == "type") {
            object["type"] = "command";
        } else if (name == "experiment_name") {
            put_text(object, name, text_of(rest, "experimentName"));
        } else if (name == "display_name") {
            const auto shown = text_of(rest, "displayName");
            if (shown != job.name) put_text(object, name, shown);
        } else if (name == "compute") {
            put_text(object, name, job.compute);
        } else if (name == "code") {
            put_text(object, name, job.code);
        } else if (name == "command") {
            put_text(object, name, text_of(rest, "command"));
        } else if (name == "environment") {
            put_text(object, name, job.environment);
        } else if (name == "inputs") {
            const auto inputs = take(rest, "inputs").value_or(json());
            for (const auto& [input, value] : inputs.items())
                object["inputs"][input] = input_from_rest(value);
        } else if (const auto value = take(rest, key); value && !says_nothing(*value)) {
            auto said = value_from_rest(*value, key);
            if (!said.empty()) object[std::string(name)] = std::move(said);
        }
    }
    return write_document(object);
}

}  // namespace aml::runconfig
