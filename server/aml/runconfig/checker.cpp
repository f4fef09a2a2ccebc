#include "runconfig/checker.hpp"

#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>
#include <utility>

namespace aml::runconfig {

void Findings::add(
    Severity severity, Span span, std::string code, std::string key, std::string message) {
    auto& count = severity == Severity::Error ? errors_ : others_;
    if (count == most_problems) return;
    ++count;
    found_.push_back({document_.index().range(span),
                      severity,
                      std::move(code),
                      std::move(message),
                      std::move(key)});
}

std::vector<Diagnostic> Findings::take() {
    const auto earlier = [](const Diagnostic& a, const Diagnostic& b) {
        return a.range.start < b.range.start;
    };
    std::stable_sort(found_.begin(), found_.end(), earlier);
    if (is_full()) {
        const auto last = found_.back().range;
        found_.push_back({last,
                          Severity::Error,
                          "tooMany",
                          localize("Only the first {} errors of a file are listed.", most_problems),
                          ""});
    }
    errors_ = 0;
    others_ = 0;
    return std::exchange(found_, {});
}

std::string join_key(std::string_view parent, std::string_view child) {
    return parent.empty() ? std::string(child) : fmt::format("{}.{}", parent, child);
}

namespace {

bool is_integer(std::string_view number) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc() && end == number.data() + number.size();
}

std::uint8_t type_bits(const Node& node) {
    switch (node.type) {
        case NodeType::Missing:
            return 0;
        case NodeType::Null:
            return types::null;
        case NodeType::Boolean:
            return types::boolean;
        case NodeType::Number:
            return is_integer(node.text) ? types::integer | types::number : types::number;
        case NodeType::String:
            return types::string;
        case NodeType::Array:
            return types::array;
        case NodeType::Object:
            return types::object;
    }
    return 0;
}

LocalizedText describe_expected(std::uint8_t expected, Syntax syntax) {
    std::vector<LocalizedText> words;
    if ((expected & types::string) != 0) {
        words.emplace_back(syntax == Syntax::Json ? localize("text in double quotes")
                                                  : localize("text"));
    }
    if ((expected & types::number) != 0) {
        words.emplace_back(localize("a number"));
    } else if ((expected & types::integer) != 0) {
        words.emplace_back(localize("a whole number"));
    }
    if ((expected & types::boolean) != 0) words.emplace_back(localize("true or false"));
    if ((expected & types::object) != 0) words.emplace_back(localize("an object {{ }}"));
    if ((expected & types::array) != 0) words.emplace_back(localize("a list [ ]"));
    return alternatives(words);
}

LocalizedText describe_found(const Node& node, const Document& document) {
    constexpr std::size_t longest = 40;
    const auto text = node.text.size() > longest ? node.text.substr(0, longest) + "…" : node.text;
    if (node.type == NodeType::Null && node.span.begin == node.span.end) return localize("nothing");
    switch (node.type) {
        case NodeType::Missing:
            return localize("nothing");
        case NodeType::Null:
            return LocalizedText("null");
        case NodeType::Boolean:
        case NodeType::Number:
            return LocalizedText(std::string(document.written(node)));
        case NodeType::String:
            return localize("the text \"{}\"", text);
        case NodeType::Array:
            return localize("a list");
        case NodeType::Object:
            return localize("an object");
    }
    return localize("something else");
}

/// What to do about a value of the wrong type; empty when nothing simple helps.
LocalizedText remedy(const Node& node, std::uint8_t expected, const Document& document) {
    const bool plain = node.type == NodeType::Number || node.type == NodeType::Boolean;
    if ((expected & types::string) != 0 && plain)
        return localize("Write \"{}\".", document.written(node));
    if (node.type == NodeType::Null) return localize("Leave the key out instead.");
    const bool quoted_number =
        node.type == NodeType::String && (expected & types::integer) != 0 && is_integer(node.text);
    if (quoted_number) return localize("Remove the quotation marks.");
    return {};
}

bool contains_word(std::string_view words, std::string_view word) {
    std::size_t start = 0;
    while (start <= words.size()) {
        const auto end = std::min(words.find(' ', start), words.size());
        if (words.substr(start, end - start) == word) return true;
        start = end + 1;
    }
    return false;
}

/// What the stable interface does not know is not Azure's promise.
void warn_of_preview(Span span,
                     std::string_view word,
                     const std::string& path,
                     Findings& findings) {
    findings.warning(span,
                     "preview",
                     path,
                     localize("“{}” is in preview at Azure ML: it is sent, but your workspace may "
                              "refuse or ignore it.",
                              word));
}

void check_enum(const Node& node,
                const KeySchema& key,
                const std::string& path,
                Findings& findings) {
    if (key.values.empty() || node.type != NodeType::String) return;
    std::vector<std::string_view> names;
    for (const auto& value : key.values) names.push_back(value.value);
    const auto written = lower(node.text);
    const auto found = std::find(names.begin(), names.end(), written);
    if (found != names.end()) {
        const auto& value = key.values[static_cast<std::size_t>(found - names.begin())];
        if (value.preview) warn_of_preview(node.span, value.value, path, findings);
        return;
    }
    const auto similar = nearest(node.text, names);
    const auto hint = similar.empty() ? LocalizedText() : localize("Did you mean \"{}\"?", similar);
    findings.error(
        node.span,
        "value",
        path,
        sentences(
            localize("“{}” is not possible here: expected {}.", node.text, fmt::join(names, ", ")),
            hint));
}

void check_value(const Node& node,
                 const KeySchema& key,
                 const std::string& path,
                 Findings& findings) {
    if (node.type == NodeType::Missing) return;
    const auto& document = findings.document();
    if ((type_bits(node) & key.types) == 0) {
        findings.error(node.span,
                       "type",
                       path,
                       sentences(localize("Expected {}, found {}.",
                                          describe_expected(key.types, document.syntax()),
                                          describe_found(node, document)),
                                 remedy(node, key.types, document)));
        return;
    }
    check_enum(node, key, path, findings);
    std::int64_t value = 0;
    const bool bounded =
        node.type == NodeType::Number && key.minimum != INT64_MIN && is_integer(node.text);
    if (bounded) std::from_chars(node.text.data(), node.text.data() + node.text.size(), value);
    if (bounded && value < key.minimum) {
        findings.error(node.span,
                       "value",
                       path,
                       localize("Expected {} or more, found {}.", key.minimum, value));
    }
    for (const auto& item : node.items) {
        if (key.items == 0 || item.type == NodeType::Missing || (type_bits(item) & key.items) != 0)
            continue;
        findings.error(item.span,
                       "type",
                       path,
                       sentences(localize("Expected a list of texts, found {} in it.",
                                          describe_found(item, document)),
                                 remedy(item, key.items, document)));
    }
    if (node.type == NodeType::Object && key.object != nullptr)
        check_schema(node, *key.object, path, findings);
}

void report_unknown(const Member& member,
                    const ObjectSchema& schema,
                    const std::string& path,
                    Findings& findings) {
    std::vector<std::string_view> names;
    for (const auto& key : schema.keys) {
        if (!key.read_only) names.push_back(key.name);
    }
    const auto similar = nearest(member.key, names);
    const auto problem = path.empty()
                             ? localize("“{}” is not a key of this type of job.", member.key)
                             : localize("“{}” is not a key of “{}”.", member.key, path);
    const auto hint = similar.empty() ? localize("Known keys: {}.", fmt::join(names, ", "))
                                      : localize("Did you mean \"{}\"?", similar);
    findings.error(
        member.key_span, "unknownKey", join_key(path, member.key), sentences(problem, hint));
}

/// The value of the object's `type`, which decides on some keys; empty when it has none.
std::string discriminator(const Node& object) {
    for (const auto name : {"type", "job_service_type"}) {
        const auto* type = object.find(name);
        if (type != nullptr && type->type == NodeType::String) return lower(type->text);
    }
    return {};
}

}  // namespace

void check_schema(const Node& node,
                  const ObjectSchema& schema,
                  const std::string& path,
                  Findings& findings) {
    if (schema.free_form) return;
    const auto kind = discriminator(node);
    for (const auto& member : node.members) {
        const auto* key = schema.find(member.key);
        const auto where = join_key(path, member.key);
        if (key == nullptr) {
            report_unknown(member, schema, path, findings);
            continue;
        }
        if (key->read_only) {
            findings.warning(
                member.key_span,
                "ignoredKey",
                where,
                localize("“{}” is set by Azure ML; what is written here is ignored.", member.key));
            continue;
        }
        if (!key->only_for.empty() && !kind.empty() && !contains_word(key->only_for, kind)) {
            findings.error(
                member.key_span,
                "unknownKey",
                where,
                localize("“{}” does not go with the type “{}”. Remove it.", member.key, kind));
            continue;
        }
        if (key->preview) warn_of_preview(member.key_span, member.key, where, findings);
        check_value(member.value, *key, where, findings);
    }
    for (const auto& key : schema.keys) {
        if (!key.required || node.find(key.name) != nullptr) continue;
        const Span opening{node.span.begin, node.span.begin + 1};
        findings.error(opening,
                       "missing",
                       join_key(path, key.name),
                       localize("“{}” is missing. {}", key.name, localize(key.doc)));
    }
}

}  // namespace aml::runconfig
