#include "runconfig/writer.hpp"

#include "runconfig/command_line.hpp"
#include "runconfig/job_types.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace aml::runconfig {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t widest = 100;

std::string one_line(const ordered_json& value) {
    if (value.is_array()) {
        std::string text = "[";
        for (const auto& item : value) text += (text.size() > 1 ? ", " : "") + one_line(item);
        return text + "]";
    }
    if (value.is_object() && !value.empty()) {
        std::string text = "{";
        for (const auto& [key, item] : value.items()) {
            text +=
                (text.size() > 1 ? ", " : " ") + ordered_json(key).dump() + ": " + one_line(item);
        }
        return text + " }";
    }
    return value.dump();
}

/// Lists of plain values and objects of one member read well on one line.
bool fits_one_line(const ordered_json& value, std::size_t indent) {
    if (value.is_object() && value.size() > 1) return false;
    return indent + one_line(value).size() <= widest;
}

std::string write_value(const ordered_json& value, const std::string& margin) {
    if (!value.is_structured() || value.empty()) return value.dump();
    const bool nested_object =
        value.is_object() && std::any_of(value.begin(), value.end(), [](const ordered_json& item) {
            return item.is_structured();
        });
    if (!nested_object && fits_one_line(value, margin.size())) return one_line(value);
    const auto inner = margin + "  ";
    std::string text = value.is_array() ? "[" : "{";
    const char* separator = "\n";
    for (const auto& [key, item] : value.items()) {
        text += separator + inner;
        if (value.is_object()) text += ordered_json(key).dump() + ": ";
        text += write_value(item, inner);
        separator = ",\n";
    }
    return text + "\n" + margin + (value.is_array() ? "]" : "}");
}

ordered_json environment_json(const Environment& environment) {
    if (const auto* reference = std::get_if<AssetReference>(&environment)) return reference->text;
    const auto& definition = std::get<InlineEnvironment>(environment);
    auto object = ordered_json::object();
    if (definition.name) object["name"] = *definition.name;
    object["image"] = definition.image;
    if (definition.conda) object["conda_file"] = *definition.conda;
    if (definition.conda_path) object["conda_file"] = *definition.conda_path;
    return object;
}

}  // namespace

std::string to_text(const NewRunConfiguration& choices) {
    auto object = ordered_json::object();
    object["$schema"] = ordered_json::parse(command_schema.find("$schema")->snippet);
    object["type"] = "command";
    object["experiment_name"] = choices.experiment;
    object["display_name"] = choices.script.stem().string();
    // Without a compute Azure ML chooses the machine.
    if (choices.compute != "serverless") object["compute"] = "azureml:" + choices.compute;
    object["code"] = ".";
    auto script = choices.script.filename().string();
    // Python takes what begins so for an option.
    if (script.starts_with('-')) script.insert(0, "./");
    object["command"] = "python " + shell_quoted(script);
    object["environment"] = environment_json(choices.environment);
    object["environment_variables"] = ordered_json::object();
    object["tags"] = ordered_json::object();
    return write_document(object);
}

std::string write_document(const ordered_json& object) {
    return write_value(object, "") + "\n";
}

}  // namespace aml::runconfig
