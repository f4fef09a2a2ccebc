#include "arm/template_expression.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>

namespace aml::emulator {
namespace {

/// Part of an expression, not yet evaluated.
struct Term {
    enum class Kind { Value, Call, Member };

    Kind kind = Kind::Value;
    /// Value: itself.
    json value;
    /// Call: the function. Member: the property.
    std::string name;
    /// Call: its arguments. Member: the object it is of.
    std::vector<Term> parts;
};

class Parser {
public:
    explicit Parser(std::string_view text)
        : text_(text) {}

    Term whole() {
        auto term = one();
        skip_blanks();
        if (at_ != text_.size()) fail();
        return term;
    }

private:
    Term one() {
        skip_blanks();
        auto term = peek() == '\'' ? quoted() : is_digit(peek()) ? number() : call();
        while (peek() == '.') {
            ++at_;
            Term member{.kind = Term::Kind::Member, .value = nullptr, .name = word(), .parts = {}};
            member.parts.push_back(std::move(term));
            term = std::move(member);
        }
        return term;
    }

    Term quoted() {
        std::string value;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] != '\'') {
                value += text_[at_];
            } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
                value += text_[++at_];
            } else {
                ++at_;
                return Term{.kind = Term::Kind::Value, .value = value, .name = {}, .parts = {}};
            }
        }
        fail();
    }

    Term number() {
        std::int64_t value = 0;
        const auto [end, error] =
            std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
        if (error != std::errc()) fail();
        at_ = static_cast<std::size_t>(end - text_.data());
        return Term{.kind = Term::Kind::Value, .value = value, .name = {}, .parts = {}};
    }

    Term call() {
        if (++depth_ > deepest) fail();
        Term term{.kind = Term::Kind::Call, .value = nullptr, .name = word(), .parts = {}};
        skip_blanks();
        if (peek() != '(') fail();
        ++at_;
        skip_blanks();
        while (peek() != ')') {
            term.parts.push_back(one());
            skip_blanks();
            if (peek() == ',') {
                ++at_;
            } else if (peek() != ')') {
                fail();
            }
        }
        ++at_;
        --depth_;
        return term;
    }

    std::string word() {
        const auto start = at_;
        while (std::isalnum(static_cast<unsigned char>(peek())) != 0 || peek() == '_') ++at_;
        if (start == at_) fail();
        return std::string(text_.substr(start, at_ - start));
    }

    void skip_blanks() {
        while (peek() == ' ') ++at_;
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    [[noreturn]] void fail() const {
        reject_template(
            fmt::format("The template language expression '{}' cannot be read.", text_));
    }

    static constexpr int deepest = 100;
    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

bool is_empty(const json& value) {
    return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty()) ||
           (value.is_structured() && value.empty());
}

std::string unique_text(const std::vector<json>& values) {
    std::string all;
    for (const auto& value : values) all += text_of(value) + "-";
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";
    std::string result;
    const auto digest = sha256(all).substr(0, 13);
    for (const char byte : digest)
        result += letters[static_cast<unsigned char>(byte) % letters.size()];
    return result;
}

class Evaluation {
public:
    explicit Evaluation(const TemplateNames& names)
        : names_(names) {}

    json value(const Term& term) const {
        if (term.kind == Term::Kind::Value) return term.value;
        if (term.kind == Term::Kind::Member) {
            const auto object = value(term.parts.front());
            if (!object.is_object() || !object.contains(term.name))
                reject_template(fmt::format("The property '{}' does not exist.", term.name));
            return object[term.name];
        }
        const auto name = to_lower(term.name);
        if (name == "if")
            return value(truth(argument(term, 0)) ? argument(term, 1) : argument(term, 2));
        if (name == "and" || name == "or") {
            const bool decides = name == "or";
            for (const auto& part : term.parts) {
                if (truth(part) == decides) return decides;
            }
            return !decides;
        }
        return call(name, term);
    }

private:
    json call(const std::string& name, const Term& term) const {
        std::vector<json> arguments;
        for (const auto& part : term.parts) arguments.push_back(value(part));
        const auto text = [&](std::size_t index) {
            if (index >= arguments.size()) missing(term);
            return text_of(arguments[index]);
        };
        const auto given = [&](std::size_t index) -> const json& {
            if (index >= arguments.size()) missing(term);
            return arguments[index];
        };
        if (name == "parameters") return names_.parameter(text(0));
        if (name == "variables") return names_.variable(text(0));
        if (name == "concat") return joined(arguments);
        if (name == "equals") return given(0) == given(1);
        if (name == "not") return !truth(argument(term, 0));
        if (name == "empty") return is_empty(given(0));
        if (name == "tolower") return to_lower(text(0));
        if (name == "toupper") return to_upper(text(0));
        if (name == "array") return given(0).is_array() ? given(0) : json::array({given(0)});
        if (name == "json") return parse_json(text(0)).value_or(nullptr);
        if (name == "uniquestring") return unique_text(arguments);
        if (name == "guid") return guid_of(unique_text(arguments));
        if (name == "newguid") return names_.random.uuid();
        if (name == "resourceid") return id_of(arguments);
        if (name == "subscription")
            return {{"id", "/subscriptions/" + names_.scope.subscription},
                    {"subscriptionId", names_.scope.subscription},
                    {"tenantId", names_.scope.tenant}};
        if (name == "resourcegroup")
            return {{"id",
                     fmt::format("/subscriptions/{}/resourceGroups/{}",
                                 names_.scope.subscription,
                                 names_.scope.group)},
                    {"name", names_.scope.group},
                    {"location", names_.scope.location}};
        reject_template(fmt::format("The template function '{}' is not known here.", term.name));
    }

    static const Term& argument(const Term& term, std::size_t index) {
        if (index >= term.parts.size()) missing(term);
        return term.parts[index];
    }

    [[noreturn]] static void missing(const Term& term) {
        reject_template(fmt::format("The template function '{}' lacks an argument.", term.name));
    }

    bool truth(const Term& term) const {
        const auto result = value(term);
        if (result.is_boolean()) return result.get<bool>();
        if (result.is_string() && same_text(text_of(result), "true")) return true;
        if (result.is_string() && same_text(text_of(result), "false")) return false;
        reject_template(fmt::format("'{}' is not a truth value.", text_of(result)));
    }

    static json joined(const std::vector<json>& values) {
        if (!values.empty() && values.front().is_array()) {
            json all = json::array();
            for (const auto& value : values) {
                if (value.is_array()) all.insert(all.end(), value.begin(), value.end());
            }
            return all;
        }
        std::string all;
        for (const auto& value : values) all += text_of(value);
        return all;
    }

    static std::string guid_of(const std::string& text) {
        const auto digits = hex(md5(text));
        return fmt::format("{}-{}-{}-{}-{}",
                           digits.substr(0, 8),
                           digits.substr(8, 4),
                           digits.substr(12, 4),
                           digits.substr(16, 4),
                           digits.substr(20, 12));
    }

    /// `resourceId([subscription], [group], type, name, …)`: the type is the first with a slash.
    std::string id_of(const std::vector<json>& arguments) const {
        auto scope = names_.scope;
        std::vector<std::string> texts;
        for (const auto& argument : arguments) texts.push_back(text_of(argument));
        const auto type = std::find_if(texts.begin(), texts.end(), [](const std::string& text) {
            return text.find('/') != std::string::npos;
        });
        if (type == texts.end()) reject_template("resourceId lacks a resource type.");
        if (type - texts.begin() > 0) scope.group = *(type - 1);
        if (type - texts.begin() > 1) scope.subscription = *(type - 2);
        return template_resource_id(scope, *type, {type + 1, texts.end()});
    }

    const TemplateNames& names_;
};

}  // namespace

void reject_template(std::string_view what) {
    throw arm_error(
        400, "InvalidTemplate", fmt::format("Deployment template validation failed: '{}'", what));
}

std::string template_resource_id(const TemplateScope& scope,
                                 std::string_view type,
                                 const std::vector<std::string>& names) {
    auto id = fmt::format("/subscriptions/{}/resourceGroups/{}/providers/{}",
                          scope.subscription,
                          scope.group,
                          type.substr(0, type.find('/')));
    type.remove_prefix(std::min(type.find('/'), type.size()));
    for (const auto& name : names) {
        if (type.empty()) break;
        type.remove_prefix(1);
        const auto end = std::min(type.find('/'), type.size());
        id += fmt::format("/{}/{}", type.substr(0, end), name);
        type.remove_prefix(end);
    }
    return id;
}

json evaluate_expressions(const json& value, const TemplateNames& names) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (!text.starts_with('[') || !text.ends_with(']')) return value;
        if (text.starts_with("[[")) return text.substr(1);
        const auto term = Parser(std::string_view(text).substr(1, text.size() - 2)).whole();
        return Evaluation(names).value(term);
    }
    if (!value.is_structured()) return value;
    auto result = value;
    for (auto& item : result) item = evaluate_expressions(item, names);
    return result;
}

}  // namespace aml::emulator
