#include "runconfig/notation.hpp"

#include "runconfig/yaml_scalar.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace aml::runconfig {

namespace {

Insertion to_fill_in(std::string text) {
    auto snippet = "${1:" + snippet_text(text) + "}";
    return {std::move(text), std::move(snippet)};
}

/// An object as lines of YAML below the first column.
std::string yaml_lines(const nlohmann::ordered_json& object, const std::string& indent) {
    std::string lines;
    for (const auto& [name, value] : object.items()) {
        lines += fmt::format("\n{}{}:", indent, yaml_text(name));
        if (value.is_object() && !value.empty()) {
            lines += yaml_lines(value, indent + "  ");
        } else {
            lines += " " + (value.is_string() ? yaml_text(value.get<std::string>()) : value.dump());
        }
    }
    return lines;
}

}  // namespace

std::string snippet_text(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '$' || c == '}' || c == '\\') result.push_back('\\');
        result.push_back(c);
    }
    return result;
}

std::string Notation::key(std::string_view name) const {
    return text(name);
}

std::string Notation::text(std::string_view value) const {
    return syntax_ == Syntax::Yaml ? yaml_text(value) : nlohmann::json(value).dump();
}

Insertion Notation::start_of_snippet(std::string_view json) const {
    const auto value = nlohmann::ordered_json::parse(json);
    if (value.is_string()) {
        const auto words = value.get<std::string>();
        if (syntax_ == Syntax::Yaml) return to_fill_in(yaml_text(words));
        return {std::string(json), "\"" + to_fill_in(words).snippet + "\""};
    }
    if (in_lines_ && value.is_object()) return to_fill_in(yaml_lines(value, "  "));
    return to_fill_in(std::string(json));
}

Insertion Notation::start_value(const KeySchema& key) const {
    if (!key.snippet.empty()) return start_of_snippet(key.snippet);
    if ((key.types & types::string) != 0) {
        return syntax_ == Syntax::Yaml ? Insertion{"", "$1"} : Insertion{"\"\"", "\"$1\""};
    }
    if ((key.types & types::object) != 0) {
        return in_lines_ ? Insertion{"\n  ", "\n  $1"} : Insertion{"{}", "{ $1 }"};
    }
    if ((key.types & types::array) != 0) return {"[]", "[$1]"};
    if ((key.types & types::boolean) != 0) return to_fill_in("true");
    return to_fill_in("1");
}

Insertion Notation::member(const KeySchema& schema, bool comma) const {
    const auto value = start_value(schema);
    const auto name = key(schema.name);
    const auto* blank = value.plain.starts_with('\n') ? "" : " ";
    const auto* end = comma ? "," : "";
    return {fmt::format("{}:{}{}{}", name, blank, value.plain, end),
            fmt::format("{}:{}{}{}", snippet_text(name), blank, value.snippet, end)};
}

}  // namespace aml::runconfig
