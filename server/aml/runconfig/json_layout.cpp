// Laying out JSON for people, and editing a text without disturbing the rest.
#include "runconfig/build_job.hpp"
#include "runconfig/writer.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

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

std::string write_value(const ordered_json& value,
                        const std::string& margin,
                        const std::string& unit) {
    if (!value.is_structured() || value.empty()) return value.dump();
    const bool nested_object =
        value.is_object() && std::any_of(value.begin(), value.end(), [](const ordered_json& item) {
            return item.is_structured();
        });
    if (!nested_object && fits_one_line(value, margin.size())) return one_line(value);
    const auto inner = margin + unit;
    std::string text = value.is_array() ? "[" : "{";
    const char* separator = "\n";
    for (const auto& [key, item] : value.items()) {
        text += separator + inner;
        if (value.is_object()) text += ordered_json(key).dump() + ": ";
        text += write_value(item, inner, unit);
        separator = ",\n";
    }
    return text + "\n" + margin + (value.is_array() ? "]" : "}");
}

constexpr std::string_view default_unit = "  ";

/// The blanks at the start of the line that `offset` is in.
std::string margin_at(std::string_view text, std::size_t offset) {
    const auto line = text.rfind('\n', offset == 0 ? 0 : offset - 1);
    const auto start = line == std::string_view::npos ? 0 : line + 1;
    const auto end = text.find_first_not_of(" \t", start);
    return std::string(text.substr(start, std::min(end, offset) - start));
}

/// How far the document indents: what its first member has more than its opening bracket.
std::string unit_of(const JsonDocument& document) {
    const auto& root = document.root();
    if (root.members.empty()) return std::string(default_unit);
    auto margin = margin_at(document.text(), root.members.front().key_span.begin);
    return margin.empty() ? std::string(default_unit) : margin;
}

std::string line_end(std::string_view text) {
    return text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
}

std::string with_line_ends(std::string text, const std::string& end) {
    if (end == "\n") return text;
    std::string result;
    for (const char c : text) {
        if (c == '\n') {
            result += end;
        } else {
            result.push_back(c);
        }
    }
    return result;
}

TextEdit replace(const JsonDocument& document, Span span, std::string text) {
    return {document.index().range(span),
            with_line_ends(std::move(text), line_end(document.text()))};
}

/// The edit that adds a member to `object`, whose own line starts with `margin`.
TextEdit add_member(const JsonDocument& document,
                    const Node& object,
                    const std::string& key,
                    const ordered_json& value) {
    const auto unit = unit_of(document);
    const auto margin = margin_at(document.text(), object.span.begin);
    const auto name = ordered_json(key).dump() + ": ";
    if (object.members.empty()) {
        const auto inner = margin + unit;
        const auto text =
            "{\n" + inner + name + write_value(value, inner, unit) + "\n" + margin + "}";
        return replace(document, object.span, text);
    }
    const auto& last = object.members.back();
    const auto at = std::max(last.value.span.end, last.key_span.end);
    const auto first_line = document.text().substr(
        object.span.begin, object.members.front().key_span.begin - object.span.begin);
    if (first_line.find('\n') == std::string::npos) {
        return replace(document, {at, at}, ", " + name + one_line(value));
    }
    const auto inner = margin_at(document.text(), object.members.front().key_span.begin);
    return replace(document, {at, at}, ",\n" + inner + name + write_value(value, inner, unit));
}

}  // namespace

std::string write_json(const ordered_json& value, std::size_t margin) {
    return write_value(value, std::string(margin, ' '), std::string(default_unit));
}

std::vector<TextEdit> set_value(const JsonDocument& document,
                                const std::vector<std::string>& path,
                                const ordered_json& value) {
    const Node* object = &document.root();
    for (std::size_t depth = 0; depth < path.size(); ++depth) {
        if (object->type != NodeType::Object) {
            throw Error(ErrorKind::Rejected,
                        localize("“{}” cannot be set: {} is not an object.",
                                 fmt::join(path, "."),
                                 depth == 0 ? localize("the file")
                                            : LocalizedText(fmt::format("“{}”", path[depth - 1]))));
        }
        const auto* member = object->member(path[depth]);
        const bool last = depth + 1 == path.size();
        if (member == nullptr) {
            auto missing = value;
            for (auto inner = path.size() - 1; inner > depth; --inner) {
                auto around = ordered_json::object();
                around[path[inner]] = std::move(missing);
                missing = std::move(around);
            }
            return {add_member(document, *object, path[depth], missing)};
        }
        if (!last) {
            object = &member->value;
            continue;
        }
        if (member->value.type != NodeType::Missing && to_ordered_json(member->value) == value)
            return {};
        const auto margin = margin_at(document.text(), member->key_span.begin);
        const auto gap = member->value.type == NodeType::Missing ? " " : "";
        return {replace(
            document, member->value.span, gap + write_value(value, margin, unit_of(document)))};
    }
    return {};
}

std::vector<TextEdit> remove_value(const JsonDocument& document,
                                   const std::vector<std::string>& path) {
    if (path.empty()) return {};
    const auto* object = document.at({path.begin(), path.end() - 1});
    const auto* member = object != nullptr ? object->member(path.back()) : nullptr;
    if (member == nullptr) return {};
    const auto& text = document.text();
    const auto number = static_cast<std::size_t>(member - object->members.data());
    Span span{member->key_span.begin, std::max(member->value.span.end, member->key_span.end)};
    if (number + 1 < object->members.size()) {
        span.end = object->members[number + 1].key_span.begin;
    } else if (number > 0) {
        const auto& before = object->members[number - 1];
        span.begin = std::max(before.value.span.end, before.key_span.end);
    } else {
        const auto end = object->closed ? object->span.end - 1 : object->span.end;
        span = {object->span.begin + 1, end};
    }
    const auto comma = text.find_first_not_of(" \t\r\n", span.end);
    const bool trailing_comma =
        comma != std::string::npos && text[comma] == ',' && number + 1 == object->members.size();
    if (trailing_comma) span.end = comma + 1;
    return {replace(document, span, "")};
}

}  // namespace aml::runconfig
