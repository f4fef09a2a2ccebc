#include "runconfig/assist.hpp"
#include "runconfig/command_line.hpp"
#include "runconfig/job_types.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace aml::runconfig {

namespace {

std::string json_text(std::string_view text) {
    return nlohmann::json(text).dump();
}

/// `text` as the literal part of an LSP snippet.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '$' || c == '}' || c == '\\') result.push_back('\\');
        result.push_back(c);
    }
    return result;
}

/// A value to start from: JSON, and the same as a snippet.
struct Start {
    std::string plain;
    std::string snippet;
};

Start start_value(const KeySchema& key) {
    if (!key.snippet.empty()) {
        const bool text = key.snippet.starts_with('"');
        const auto inner = text ? key.snippet.substr(1, key.snippet.size() - 2) : key.snippet;
        const auto body = "${1:" + escaped(inner) + "}";
        return {std::string(key.snippet), text ? "\"" + body + "\"" : body};
    }
    if ((key.types & types::string) != 0) return {"\"\"", "\"$1\""};
    if ((key.types & types::object) != 0) return {"{}", "{ $1 }"};
    if ((key.types & types::array) != 0) return {"[]", "[$1]"};
    if ((key.types & types::boolean) != 0) return {"true", "${1:true}"};
    return {"1", "${1:1}"};
}

LocalizedText type_words(std::uint8_t bits) {
    std::vector<LocalizedText> words;
    if ((bits & types::string) != 0) words.emplace_back(localize("text"));
    if ((bits & types::number) != 0) {
        words.emplace_back(localize("number"));
    } else if ((bits & types::integer) != 0) {
        words.emplace_back(localize("whole number"));
    }
    if ((bits & types::boolean) != 0) words.emplace_back(localize("true or false"));
    if ((bits & types::object) != 0) words.emplace_back(localize("object"));
    if ((bits & types::array) != 0) words.emplace_back(localize("list"));
    return alternatives(words);
}

/// Whether a member follows in the same object, so that a new one needs a comma.
bool member_follows(const Node& object, Span replaced) {
    return std::any_of(object.members.begin(), object.members.end(), [&](const Member& member) {
        return member.key_span.begin >= replaced.end && !(member.key_span == replaced);
    });
}

bool applies(const KeySchema& key, const Node& object) {
    if (key.read_only) return false;
    if (key.only_for.empty()) return true;
    const auto* type = object.find("type");
    if (type == nullptr || type->type != NodeType::String) return true;
    const auto words = fmt::format(" {} ", key.only_for);
    return words.find(fmt::format(" {} ", type->text)) != std::string::npos;
}

class Proposer final {
public:
    Proposer(const JsonDocument& document, std::size_t offset, const KnownNames& known)
        : document_(document),
          offset_(offset),
          cursor_(document.cursor(offset)),
          known_(known) {}

    std::vector<Proposal> run() {
        if (cursor_.node == nullptr) return {};
        const auto* schema = schema_at(document_.root(), cursor_.container);
        if (schema == nullptr) return {};
        if (cursor_.place == Cursor::Place::Key) propose_keys(*schema);
        if (cursor_.place == Cursor::Place::Value) {
            if (const auto* key = schema->find(cursor_.key)) propose_values(*key);
        }
        return std::move(proposals_);
    }

private:
    Proposal proposal(Proposal::Kind kind, std::string label, std::string text) const {
        Proposal result;
        result.kind = kind;
        result.label = std::move(label);
        result.plain = text;
        result.text = std::move(text);
        result.filter = json_text(result.label);
        result.replace = document_.index().range(cursor_.replace);
        return result;
    }

    void propose_keys(const ObjectSchema& schema) {
        const auto& object = *cursor_.node;
        const auto comma = member_follows(object, cursor_.replace) ? "," : "";
        for (const auto& key : schema.keys) {
            const bool typed = cursor_.key == key.name;
            if (!applies(key, object) || (!typed && object.member(key.name) != nullptr)) continue;
            auto item = proposal(Proposal::Kind::Key, std::string(key.name), json_text(key.name));
            const auto type = type_words(key.types);
            item.detail = key.required ? localize("{}, required", type) : type;
            item.documentation = localize(key.doc);
            if (!cursor_.has_value) {
                const auto start = start_value(key);
                item.plain = fmt::format("{}: {}{}", json_text(key.name), start.plain, comma);
                item.text =
                    fmt::format("{}: {}{}", escaped(json_text(key.name)), start.snippet, comma);
                item.placeholders = true;
            }
            proposals_.push_back(std::move(item));
        }
    }

    void propose_values(const KeySchema& key) {
        for (const auto& value : key.values) {
            auto item =
                proposal(Proposal::Kind::Choice, std::string(value.value), json_text(value.value));
            item.documentation = localize(value.doc);
            proposals_.push_back(std::move(item));
        }
        if ((key.types & types::boolean) != 0 && (key.types & types::string) == 0) {
            for (const auto* word : {"true", "false"}) {
                auto item = proposal(Proposal::Kind::Choice, word, word);
                item.filter = word;
                proposals_.push_back(std::move(item));
            }
        }
        propose_names(key.meaning);
        if (key.meaning == Meaning::CommandLine) propose_expressions();
        if (cursor_.replace.begin == cursor_.replace.end) propose_start(key);
    }

    void propose_names(Meaning meaning) {
        const auto& names = meaning == Meaning::ComputeTarget          ? known_.computes
                            : meaning == Meaning::EnvironmentReference ? known_.environments
                            : meaning == Meaning::ExperimentName       ? known_.experiments
                                                                       : nothing_;
        for (const auto& name : names.value_or(std::vector<KnownName>())) {
            auto item = proposal(Proposal::Kind::AzureName, name.name, json_text(name.reference));
            item.detail = name.detail;
            item.documentation = name.doc;
            item.filter = json_text(name.reference);
            proposals_.push_back(std::move(item));
        }
        if (meaning == Meaning::ComputeTarget) {
            auto item = proposal(Proposal::Kind::Choice, "serverless", "\"serverless\"");
            item.documentation = localize("Azure ML chooses the machines.");
            proposals_.push_back(std::move(item));
        }
    }

    /// Something to begin with where nothing is typed yet.
    void propose_start(const KeySchema& key) {
        const auto start = start_value(key);
        const bool worth_it = !key.snippet.empty() || (key.types & types::object) != 0;
        if (!worth_it) return;
        const auto& plain = start.plain == "\"\"" ? object_start_.plain : start.plain;
        const auto& snippet = start.plain == "\"\"" ? object_start_.snippet : start.snippet;
        auto item = proposal(Proposal::Kind::Snippet, plain.substr(0, plain.find('\n')), plain);
        item.text = snippet;
        item.placeholders = true;
        item.filter = plain;
        proposals_.push_back(std::move(item));
    }

    /// `${{inputs.x}}` where an expression is begun in the command.
    void propose_expressions() {
        const auto& text = document_.text();
        const auto before = std::string_view(text).substr(0, offset_);
        const auto begun = before.rfind("${{");
        const auto closed = before.rfind("}}");
        const bool open = begun != std::string::npos && begun >= cursor_.replace.begin &&
                          (closed == std::string::npos || closed < begun);
        if (!open) return;
        const auto end = text.compare(offset_, 2, "}}") == 0 ? offset_ + 2 : offset_;
        for (const auto* group : {"inputs", "outputs"}) {
            const auto* entries = document_.root().find(group);
            if (entries == nullptr) continue;
            for (const auto& member : entries->members) {
                const auto expression = fmt::format("${{{{{}.{}}}}}", group, member.key);
                auto item = proposal(Proposal::Kind::Choice, expression, expression);
                item.filter = expression;
                item.replace = document_.index().range({begun, end});
                proposals_.push_back(std::move(item));
            }
        }
    }

    const JsonDocument& document_;
    std::size_t offset_;
    Cursor cursor_;
    const KnownNames& known_;
    const std::optional<std::vector<KnownName>> nothing_;
    const Start object_start_{"{}", "{ $1 }"};
    std::vector<Proposal> proposals_;
};

}  // namespace

std::vector<Proposal> propose(const JsonDocument& document,
                              std::size_t offset,
                              const KnownNames& known) {
    return Proposer(document, offset, known).run();
}

WantedNames wanted_names(const JsonDocument& document, std::size_t offset) {
    const auto cursor = document.cursor(offset);
    if (cursor.place != Cursor::Place::Value || !cursor.container.empty()) return WantedNames::None;
    const auto* schema = schema_at(document.root(), {});
    const auto* key = schema != nullptr ? schema->find(cursor.key) : nullptr;
    if (key == nullptr) return WantedNames::None;
    switch (key->meaning) {
        case Meaning::ComputeTarget:
            return WantedNames::Computes;
        case Meaning::EnvironmentReference:
            return WantedNames::Environments;
        case Meaning::ExperimentName:
            return WantedNames::Experiments;
        default:
            return WantedNames::None;
    }
}

}  // namespace aml::runconfig
