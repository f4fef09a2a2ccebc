#include "runconfig/assist.hpp"
#include "runconfig/command_line.hpp"
#include "runconfig/job_types.hpp"
#include "runconfig/notation.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aml::runconfig {

namespace {

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
    Proposer(const Document& document, std::size_t offset, const KnownNames& known)
        : document_(document),
          offset_(offset),
          cursor_(document.cursor(offset)),
          notation_(document.syntax(), begins_line(cursor_.replace.begin)),
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
    bool begins_line(std::size_t offset) const {
        return offset == 0 || document_.text()[offset - 1] == '\n';
    }

    /// A value of YAML needs a blank behind the colon, which may not be typed yet.
    std::string_view missing_blank() const {
        const auto begin = cursor_.replace.begin;
        const bool is_missing =
            document_.syntax() == Syntax::Yaml && begin > 0 && document_.text()[begin - 1] == ':';
        return is_missing ? " " : "";
    }

    /// What an editor compares with what it replaces, quotation marks included.
    std::string filter_of(std::string_view name) const {
        if (document_.syntax() == Syntax::Json) return notation_.text(name);
        const auto typed = std::string_view(document_.text()).substr(cursor_.replace.begin, 1);
        const bool is_quoted = typed == "\"" || typed == "'";
        return fmt::format("{}{}", is_quoted ? typed : "", name);
    }

    Proposal proposal(Proposal::Kind kind, std::string label, std::string_view text) const {
        Proposal result;
        result.kind = kind;
        result.label = std::move(label);
        result.plain = fmt::format("{}{}", missing_blank(), text);
        result.text = result.plain;
        result.filter = filter_of(result.label);
        result.replace = document_.index().range(cursor_.replace);
        return result;
    }

    /// In brackets, before another key.
    bool needs_comma(const Node& object) const {
        const auto first = std::string_view(document_.text()).substr(object.span.begin, 1);
        return first == "{" && member_follows(object, cursor_.replace);
    }

    void propose_keys(const ObjectSchema& schema) {
        const auto& object = *cursor_.node;
        const bool comma = needs_comma(object);
        for (const auto& key : schema.keys) {
            const bool typed = cursor_.key == key.name;
            if (!applies(key, object) || (!typed && object.member(key.name) != nullptr)) continue;
            auto item =
                proposal(Proposal::Kind::Key, std::string(key.name), notation_.key(key.name));
            const auto type = type_words(key.types);
            item.detail = key.required ? localize("{}, required", type) : type;
            item.documentation = localize(key.doc);
            if (!cursor_.has_value) {
                auto member = notation_.member(key, comma);
                item.plain = std::move(member.plain);
                item.text = std::move(member.snippet);
                item.placeholders = true;
            }
            proposals_.push_back(std::move(item));
        }
    }

    void propose_values(const KeySchema& key) {
        for (const auto& value : key.values) {
            auto item = proposal(
                Proposal::Kind::Choice, std::string(value.value), notation_.text(value.value));
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
                            : meaning == Meaning::DataReference        ? known_.data
                                                                       : nothing_;
        for (const auto& name : names.value_or(std::vector<KnownName>())) {
            auto item =
                proposal(Proposal::Kind::AzureName, name.name, notation_.text(name.reference));
            item.detail = name.detail;
            item.documentation = name.doc;
            item.filter = filter_of(name.reference);
            proposals_.push_back(std::move(item));
        }
        if (meaning == Meaning::ComputeTarget) {
            auto item =
                proposal(Proposal::Kind::Choice, "serverless", notation_.text("serverless"));
            item.documentation = localize("Azure ML chooses the machines.");
            proposals_.push_back(std::move(item));
        }
    }

    /// Something to begin with where nothing is typed yet.
    void propose_start(const KeySchema& key) {
        const bool may_be_object = (key.types & types::object) != 0;
        if (key.snippet.empty() && !may_be_object) return;
        const bool is_object = key.snippet.empty() && may_be_object;
        const auto start = is_object ? Insertion{"{}", "{ $1 }"} : notation_.start_value(key);
        const auto label = start.plain.substr(0, start.plain.find('\n'));
        auto item = proposal(Proposal::Kind::Snippet, label, start.plain);
        item.text = fmt::format("{}{}", missing_blank(), start.snippet);
        item.placeholders = true;
        item.filter = start.plain;
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
        for (const auto* group : {"search_space", "inputs", "outputs"}) {
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

    const Document& document_;
    std::size_t offset_;
    Cursor cursor_;
    Notation notation_;
    const KnownNames& known_;
    const std::optional<std::vector<KnownName>> nothing_;
    std::vector<Proposal> proposals_;
};

}  // namespace

std::vector<Proposal> propose(const Document& document,
                              std::size_t offset,
                              const KnownNames& known) {
    return Proposer(document, offset, known).run();
}

WantedNames wanted_names(const Document& document, std::size_t offset) {
    const auto cursor = document.cursor(offset);
    if (cursor.place != Cursor::Place::Value) return WantedNames::None;
    const auto* schema = schema_at(document.root(), cursor.container);
    const auto* key = schema != nullptr ? schema->find(cursor.key) : nullptr;
    if (key == nullptr) return WantedNames::None;
    switch (key->meaning) {
        case Meaning::ComputeTarget:
            return WantedNames::Computes;
        case Meaning::EnvironmentReference:
            return WantedNames::Environments;
        case Meaning::ExperimentName:
            return WantedNames::Experiments;
        case Meaning::DataReference:
            return WantedNames::Data;
        default:
            return WantedNames::None;
    }
}

}  // namespace aml::runconfig
