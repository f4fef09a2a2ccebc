#pragma once

#include "core/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// The two languages in which clients filter runs.
/// RunHistory: `(Status eq Running) and (Tags/k ne null)`, values bare or in single quotes.
/// MlFlow: `metrics.loss < 1 and tags."mlflow.user" = 'u'`.
enum class FilterLanguage { RunHistory, MlFlow };

enum class Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    ILike,
    In,
    NotIn,
};

/// A parsed filter: a comparison, or a conjunction or disjunction of filters.
struct Filter {
    enum class Kind { Compare, And, Or };

    Kind kind = Kind::Compare;
    /// As written, e.g. `Status`, `Tags/k`, `metrics.loss`; quotes around parts removed.
    std::string field;
    Comparison comparison = Comparison::Equal;
    /// One value, or several for In and NotIn; absent means null.
    std::vector<std::optional<std::string>> values;
    std::vector<Filter> operands;
};

/// Parses a filter; nothing for a blank text. Throws: aml::Error (Rejected) that says what was
/// wrong and where.
std::optional<Filter> parse_filter(std::string_view text, FilterLanguage language);

/// An SQL condition with its values.
struct SqlCondition {
    std::string sql;
    std::vector<Value> values;
};

/// How one comparison becomes SQL; throws aml::Error (Rejected) for a field it does not know.
using FieldToSql = std::function<SqlCondition(const Filter& comparison)>;

/// The whole filter as one SQL condition.
SqlCondition to_sql(const Filter& filter, const FieldToSql& field);

/// A comparison of the SQL expression `column` (text) with the filter's values; `bind` turns a
/// value into what is bound. Equality with null becomes `IS NULL`.
SqlCondition compare_sql(const Filter& comparison,
                         const std::string& column,
                         const std::function<Value(const std::string&)>& bind);

/// One term of an order: `StartTimeUtc desc`, `metrics.loss ASC`.
struct OrderTerm {
    std::string field;
    bool descending = false;
};

/// Reads `field [asc|desc]`, several separated by commas. Throws: aml::Error (Rejected).
std::vector<OrderTerm> parse_order(std::string_view text);

}  // namespace aml::emulator
