#include "data/filter.hpp"

#include "core/text.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <utility>

namespace aml::emulator {

namespace {

using Words = std::pair<std::string_view, Comparison>;

constexpr std::array<Words, 6> run_history_words{{{"eq", Comparison::Equal},
                                                  {"ne", Comparison::NotEqual},
                                                  {"lt", Comparison::Less},
                                                  {"le", Comparison::LessOrEqual},
                                                  {"gt", Comparison::Greater},
                                                  {"ge", Comparison::GreaterOrEqual}}};

// Longer spellings first, so that "<=" is not read as "<".
constexpr std::array<Words, 6> signs{{{"!=", Comparison::NotEqual},
                                      {"<=", Comparison::LessOrEqual},
                                      {">=", Comparison::GreaterOrEqual},
                                      {"=", Comparison::Equal},
                                      {"<", Comparison::Less},
                                      {">", Comparison::Greater}}};

bool is_space(char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

bool is_quote(char c) {
    return c == '\'' || c == '"' || c == '`';
}

class Parser final {
public:
    Parser(std::string_view text, FilterLanguage language)
        : text_(text),
          language_(language) {}

    std::optional<Filter> parse() {
        skip_spaces();
        if (at_end()) return std::nullopt;
        auto filter = disjunction();
        skip_spaces();
        if (!at_end()) fail("expected 'and', 'or' or the end");
        return filter;
    }

private:
    static constexpr int deepest = 50;

    [[noreturn]] void fail(std::string_view what) const {
        throw Error(
            ErrorKind::Rejected,
            fmt::format(
                "The filter is not valid: {} at position {} of '{}'.", what, at_ + 1, text_));
    }

    bool at_end() const { return at_ >= text_.size(); }

    void skip_spaces() {
        while (!at_end() && is_space(text_[at_])) ++at_;
    }

    // The word at the cursor, as a whole, in any case; consumed only if it is there.
    bool take_word(std::string_view word) {
        skip_spaces();
        if (!word_at(at_, word)) return false;
        at_ += word.size();
        return true;
    }

    bool word_at(std::size_t position, std::string_view word) const {
        const auto here = text_.substr(std::min(position, text_.size()), word.size());
        if (!same_text(here, word)) return false;
        const auto next = position + word.size();
        return next >= text_.size() || is_space(text_[next]) || text_[next] == '(' ||
               text_[next] == ')';
    }

    bool take(char c) {
        skip_spaces();
        if (at_end() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    Filter joined(Filter::Kind kind, std::string_view word, Filter (Parser::*operand)()) {
        auto first = (this->*operand)();
        if (!take_word(word)) return first;
        Filter filter;
        filter.kind = kind;
        filter.operands.push_back(std::move(first));
        do {
            filter.operands.push_back((this->*operand)());
        } while (take_word(word));
        return filter;
    }

    Filter disjunction() { return joined(Filter::Kind::Or, "or", &Parser::conjunction); }

    Filter conjunction() { return joined(Filter::Kind::And, "and", &Parser::primary); }

    Filter primary() {
        if (!take('(')) return comparison();
        if (++depth_ > deepest) fail("too many nested parentheses");
        auto filter = disjunction();
        if (!take(')')) fail("expected ')'");
        --depth_;
        return filter;
    }

    Filter comparison() {
        Filter filter;
        filter.field = field();
        filter.comparison = comparison_word();
        if (filter.comparison == Comparison::In || filter.comparison == Comparison::NotIn) {
            filter.values = value_list();
        } else {
            filter.values.push_back(value());
        }
        return filter;
    }

    std::string field() {
        skip_spaces();
        std::string name;
        while (!at_end() && !is_space(text_[at_])) {
            const char c = text_[at_];
            if (is_quote(c)) {
                name += quoted();
            } else if (c == '(' || c == ')' || c == '=' || c == '<' || c == '>' || c == '!') {
                break;
            } else {
                name += c;
                ++at_;
            }
        }
        if (name.empty()) fail("expected a field name");
        return name;
    }

    Comparison comparison_word() {
        skip_spaces();
        if (language_ == FilterLanguage::RunHistory) {
            for (const auto& [word, comparison] : run_history_words) {
                if (take_word(word)) return comparison;
            }
            fail("expected eq, ne, lt, le, gt or ge");
        }
        for (const auto& [sign, comparison] : signs) {
            if (!text_.substr(at_).starts_with(sign)) continue;
            at_ += sign.size();
            return comparison;
        }
        if (take_word("like")) return Comparison::Like;
        if (take_word("ilike")) return Comparison::ILike;
        if (take_word("in")) return Comparison::In;
        if (take_word("not") && take_word("in")) return Comparison::NotIn;
        fail("expected a comparison such as =, != or LIKE");
    }

    std::vector<std::optional<std::string>> value_list() {
        if (!take('(')) fail("expected '('");
        std::vector<std::optional<std::string>> values;
        do {
            values.push_back(value());
        } while (take(','));
        if (!take(')')) fail("expected ')'");
        return values;
    }

    std::optional<std::string> value() {
        skip_spaces();
        if (at_end()) fail("expected a value");
        if (is_quote(text_[at_])) return quoted();
        const auto start = at_;
        while (!at_end() && !ends_bare_value()) ++at_;
        auto end = at_;
        while (end > start && is_space(text_[end - 1])) --end;
        if (end == start) fail("expected a value");
        auto bare = std::string(text_.substr(start, end - start));
        if (same_text(bare, "null")) return std::nullopt;
        return bare;
    }

    // A bare value may hold blanks (`CreatedUtc ge 2026-01-01 00:00:00`): it ends where something
    // else can begin.
    bool ends_bare_value() const {
        const char c = text_[at_];
        if (c == ')' || (c == ',' && language_ == FilterLanguage::MlFlow)) return true;
        return is_space(c) && (word_at(at_ + 1, "and") || word_at(at_ + 1, "or"));
    }

    // A quote is doubled (OData) or put after a backslash to stand for itself.
    std::string quoted() {
        const char quote = text_[at_++];
        std::string value;
        while (!at_end()) {
            const char c = text_[at_++];
            const bool doubled = c == quote && !at_end() && text_[at_] == quote;
            const bool escaped = c == '\\' && !at_end() && text_[at_] == quote;
            if (c == quote && !doubled) return value;
            if (doubled || escaped) ++at_;
            value += escaped ? quote : c;
        }
        fail("a quote is not closed");
    }

    std::string_view text_;
    FilterLanguage language_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

std::string_view sql_sign(Comparison comparison) {
    switch (comparison) {
        case Comparison::Less:
            return "<";
        case Comparison::LessOrEqual:
            return "<=";
        case Comparison::Greater:
            return ">";
        case Comparison::GreaterOrEqual:
            return ">=";
        case Comparison::NotEqual:
            return "IS NOT";
        default:
            return "IS";
    }
}

SqlCondition membership(const Filter& filter,
                        const std::string& column,
                        const std::function<Value(const std::string&)>& bind) {
    SqlCondition condition;
    std::string marks;
    for (const auto& value : filter.values) {
        marks += marks.empty() ? "?" : ",?";
        condition.values.push_back(value ? bind(*value) : Value(nullptr));
    }
    condition.sql = fmt::format(
        "{} {}IN ({})", column, filter.comparison == Comparison::NotIn ? "NOT " : "", marks);
    return condition;
}

}  // namespace

std::optional<Filter> parse_filter(std::string_view text, FilterLanguage language) {
    return Parser(text, language).parse();
}

SqlCondition to_sql(const Filter& filter, const FieldToSql& field) {
    if (filter.kind == Filter::Kind::Compare) return field(filter);
    SqlCondition condition;
    for (const auto& operand : filter.operands) {
        auto part = to_sql(operand, field);
        const auto* joint = filter.kind == Filter::Kind::And ? " AND " : " OR ";
        if (!condition.sql.empty()) condition.sql += joint;
        condition.sql += "(" + part.sql + ")";
        for (auto& value : part.values) condition.values.push_back(std::move(value));
    }
    return condition;
}

SqlCondition compare_sql(const Filter& comparison,
                         const std::string& column,
                         const std::function<Value(const std::string&)>& bind) {
    switch (comparison.comparison) {
        case Comparison::In:
        case Comparison::NotIn:
            return membership(comparison, column, bind);
        case Comparison::Like:
            // GLOB is the operator that minds case; only the wildcards of LIKE are translated.
            return {fmt::format("{} GLOB replace(replace(?, '%', '*'), '_', '?')", column),
                    {Value(comparison.values.front().value_or(""))}};
        case Comparison::ILike:
            return {column + " LIKE ?", {Value(comparison.values.front().value_or(""))}};
        default:
            break;
    }
    const auto& value = comparison.values.front();
    return {fmt::format("{} {} ?", column, sql_sign(comparison.comparison)),
            {value ? bind(*value) : Value(nullptr)}};
}

std::vector<OrderTerm> parse_order(std::string_view text) {
    std::vector<OrderTerm> terms;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        auto part = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        while (!part.empty() && is_space(part.front())) part.remove_prefix(1);
        while (!part.empty() && is_space(part.back())) part.remove_suffix(1);
        if (part.empty()) continue;
        OrderTerm term;
        const auto space = part.find_last_of(" \t");
        const auto direction = space == std::string_view::npos ? "" : part.substr(space + 1);
        term.descending = same_text(direction, "desc");
        const bool directed = term.descending || same_text(direction, "asc");
        auto field = directed ? part.substr(0, part.find_last_not_of(" \t", space) + 1) : part;
        for (const char c : field) {
            if (!is_quote(c)) term.field += c;
        }
        terms.push_back(std::move(term));
    }
    return terms;
}

}  // namespace aml::emulator
