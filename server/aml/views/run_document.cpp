#include "views/run_document.hpp"

#include "azure/json_fields.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace aml::views {
namespace {

using nlohmann::json;

std::vector<NamedText> named_texts(const json& document, std::string_view member) {
    std::vector<NamedText> texts;
    for (auto& [name, text] : azure::text_map(document, member)) texts.push_back({name, text});
    return texts;
}

/// Removes what is null or empty, inner things first.
void remove_empty(json& value) {
    if (!value.is_object()) return;
    for (auto entry = value.begin(); entry != value.end();) {
        remove_empty(*entry);
        const bool is_empty =
            entry->is_null() || ((entry->is_object() || entry->is_array()) && entry->empty());
        entry = is_empty ? value.erase(entry) : std::next(entry);
    }
}

}  // namespace

bool is_tag_of_service(std::string_view tag) {
    constexpr std::array<std::string_view, 3> prefixes{"mlflow.", "azureml.", "_aml_"};
    return std::ranges::any_of(prefixes,
                               [tag](std::string_view prefix) { return tag.starts_with(prefix); });
}

std::vector<NamedText> parameters_of(const json& document) {
    return named_texts(document, "parameters");
}

std::vector<NamedText> tags_of(const json& document) {
    auto tags = named_texts(document, "tags");
    std::erase_if(tags, [](const NamedText& tag) { return is_tag_of_service(tag.name); });
    return tags;
}

std::string configuration_of(const json& properties) {
    auto submitted = properties;
    if (!submitted.is_object()) return {};
    for (const auto* added : {"services", "status", "parameters", "properties"})
        submitted.erase(added);
    remove_empty(submitted);
    return submitted.dump(4, ' ', false, json::error_handler_t::replace);
}

}  // namespace aml::views
