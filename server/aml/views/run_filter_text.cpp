#include "views/run_filter_text.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

namespace aml::views {
namespace {

struct Sign {
    std::string_view text;
    Comparison comparison;
};

/// Longer ones first.
constexpr std::array<Sign, 8> signs{{
    {"!=", Comparison::NotEqual},
    {"<=", Comparison::LessOrEqual},
    {">=", Comparison::GreaterOrEqual},
    {"==", Comparison::Equal},
    {"=", Comparison::Equal},
    {"<", Comparison::Less},
    {">", Comparison::Greater},
    {"~", Comparison::Holds},
}};

/// A word, a text in quotes, or a sign.
struct FilterToken {
    std::string text{};
    std::optional<Comparison> sign{};
    bool is_quoted = false;
};

Error wrong_filter(const std::string& what) {
    return Error(ErrorKind::Rejected, what);
}

const Sign* sign_at(std::string_view text) {
    const auto* const found = std::ranges::find_if(
        signs, [text](const Sign& sign) { return text.starts_with(sign.text); });
    return found == signs.end() ? nullptr : found;
}

/// Takes a text in quotes from the start of `rest`; a backslash makes the next letter plain.
FilterToken quoted_token(std::string_view& rest) {
    FilterToken token{.is_quoted = true};
    rest.remove_prefix(1);
    while (!rest.empty() && rest.front() != '"') {
        if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
        token.text += rest.front();
        rest.remove_prefix(1);
    }
    if (rest.empty())
        throw wrong_filter(localize("The text “{}” has no closing quote.", token.text));
    rest.remove_prefix(1);
    return token;
}

std::vector<FilterToken> tokens_of(std::string_view rest) {
    std::vector<FilterToken> tokens;
    while (!rest.empty()) {
        if (std::isspace(static_cast<unsigned char>(rest.front())) != 0) {
            rest.remove_prefix(1);
        } else if (rest.front() == '"') {
            tokens.push_back(quoted_token(rest));
        } else if (const auto* sign = sign_at(rest)) {
            tokens.push_back({.text = std::string(sign->text), .sign = sign->comparison});
            rest.remove_prefix(sign->text.size());
        } else {
            std::size_t length = 0;
            while (length < rest.size() &&
                   std::isspace(static_cast<unsigned char>(rest[length])) == 0 &&
                   rest[length] != '"' && sign_at(rest.substr(length)) == nullptr) {
                ++length;
            }
            tokens.push_back({.text = std::string(rest.substr(0, length))});
            rest.remove_prefix(length);
        }
    }
    return tokens;
}

bool is_and(const FilterToken& token) {
    return !token.is_quoted && !token.sign && same_name(token.text, "and");
}

/// What stands between two `and`.
void add_conditions(const std::vector<FilterToken>& tokens, std::vector<Condition>& conditions) {
    const auto sign = std::ranges::find_if(
        tokens, [](const FilterToken& token) { return token.sign.has_value(); });
    if (sign == tokens.end()) {
        for (const auto& token : tokens) conditions.push_back({.value = token.text});
        return;
    }
    const auto before = static_cast<std::size_t>(sign - tokens.begin());
    const bool is_whole = before == 1 && tokens.size() == 3 && !tokens[2].sign;
    if (!is_whole) {
        throw wrong_filter(localize(
            "Write a column before {} and a value after it, such as accuracy > 0.9; put names "
            "with blanks in double quotes.",
            sign->text));
    }
    conditions.push_back(
        {.column = tokens[0].text, .comparison = *sign->sign, .value = tokens[2].text});
}

template <typename T>
bool compared(const T& left, Comparison comparison, const T& right) {
    switch (comparison) {
        case Comparison::Equal:
            return left == right;
        case Comparison::NotEqual:
            return left != right;
        case Comparison::Less:
            return left < right;
        case Comparison::LessOrEqual:
            return left <= right;
        case Comparison::Greater:
            return left > right;
        case Comparison::GreaterOrEqual:
            return left >= right;
        case Comparison::Holds:
            break;
    }
    return false;
}

using Test = std::function<bool(std::size_t)>;

Test text_anywhere(const RunTable& table, const std::string& wanted) {
    std::vector<const Column*> texts;
    for (const auto* column : table.columns()) {
        if (column->kind() == ColumnKind::Text) texts.push_back(column);
    }
    return [texts = std::move(texts), wanted](std::size_t row) {
        return std::ranges::any_of(texts, [&](const Column* column) {
            return lower(column->text(row)).find(wanted) != std::string::npos;
        });
    };
}

Test test_of(const RunTable& table, const Condition& condition) {
    const auto wanted = lower(condition.value);
    if (condition.column.empty() && wanted == "starred") {
        return [starred = table.column(wanted)](std::size_t row) { return starred->has(row); };
    }
    if (condition.column.empty()) return text_anywhere(table, wanted);
    const auto* column = table.column(condition.column);
    if (column == nullptr) {
        throw wrong_filter(localize(
            "There is no column {}, or more than one: say metrics.{}, params.{} or tags.{}.",
            condition.column,
            condition.column,
            condition.column,
            condition.column));
    }
    const auto comparison = condition.comparison;
    if (comparison == Comparison::Holds) {
        return [column, wanted](std::size_t row) {
            return lower(column->text(row)).find(wanted) != std::string::npos;
        };
    }
    const auto number = number_of_text(condition.value);
    const auto kind = column->kind();
    if (kind == ColumnKind::Number || kind == ColumnKind::Duration) {
        if (!number) {
            throw wrong_filter(
                localize("{} has numbers, and {} is none.", column->title(), condition.value));
        }
        return [column, comparison, value = *number](std::size_t row) {
            if (!column->has(row)) return comparison == Comparison::NotEqual;
            return compared(column->number(row), comparison, value);
        };
    }
    return [column, comparison, wanted](std::size_t row) {
        if (!column->has(row)) return comparison == Comparison::NotEqual;
        return compared(lower(column->text(row)), comparison, wanted);
    };
}

}  // namespace

std::vector<Condition> parse_filter(std::string_view text) {
    std::vector<Condition> conditions;
    std::vector<FilterToken> part;
    const auto tokens = tokens_of(text);
    for (const auto& token : tokens) {
        if (!is_and(token)) {
            part.push_back(token);
            continue;
        }
        if (part.empty()) throw wrong_filter(localize("Nothing stands before “and”."));
        add_conditions(part, conditions);
        part.clear();
    }
    if (part.empty() && !tokens.empty())
        throw wrong_filter(localize("Nothing stands after “and”."));
    add_conditions(part, conditions);
    return conditions;
}

std::vector<std::size_t> matching_rows(const RunTable& table,
                                       const std::vector<Condition>& conditions) {
    std::vector<std::size_t> rows(table.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    for (const auto& condition : conditions) {
        const auto meets = test_of(table, condition);
        std::erase_if(rows, [&meets](std::size_t row) { return !meets(row); });
    }
    return rows;
}

}  // namespace aml::views
