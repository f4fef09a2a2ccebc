#include "data/run_query.hpp"

#include "core/text.hpp"
#include "core/time.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <map>
#include <utility>

namespace aml::emulator {

namespace {

// What a field of a filter is made of.
struct Column {
    std::string sql;
    /// How a value of the filter becomes a value of the column; absent: as it is.
    std::function<Value(const std::string&)> bind;
    /// Values that stand inside `sql` before the filter's own.
    std::vector<Value> leading;
    /// Every run has a value of it, and an index has runs in its order.
    bool indexed = false;
};

Value as_text(const std::string& text) {
    return text;
}

Value as_time(const std::string& text) {
    const auto time = parse_iso_time(text);
    if (!time) throw Error(ErrorKind::Rejected, fmt::format("'{}' is not a time.", text));
    return to_millis(*time);
}

Value as_number(const std::string& text) {
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end) {
        throw Error(ErrorKind::Rejected, fmt::format("'{}' is not a number.", text));
    }
    return number;
}

Value as_flag(const std::string& text) {
    return std::int64_t{same_text(text, "true")};
}

constexpr auto mlflow_status_sql =
    "CASE status WHEN 'Completed' THEN 'FINISHED' WHEN 'Failed' THEN 'FAILED' WHEN 'Canceled' THEN "
    "'KILLED' "
    "WHEN 'Running' THEN 'RUNNING' WHEN 'Finalizing' THEN 'RUNNING' WHEN 'CancelRequested' THEN "
    "'RUNNING' "
    "ELSE 'SCHEDULED' END";
constexpr auto run_type_sql = "CASE kind WHEN 'job' THEN 'azureml.scriptrun' END";

const std::map<std::string, Column, std::less<>>& run_history_columns() {
    static const std::map<std::string, Column, std::less<>> columns{
        {"status", {"status COLLATE NOCASE", as_text, {}}},
        {"runid", {"id", as_text, {}}},
        {"runuuid", {"uuid", as_text, {}}},
        {"runtype", {run_type_sql, as_text, {}}},
        {"experimentid", {"experiment_id", as_text, {}}},
        {"parentrunid", {"NULLIF(parent_id, '')", as_text, {}}},
        {"rootrunid", {"root_id", as_text, {}}},
        {"target", {"target", as_text, {}}},
        {"name", {"display_name", as_text, {}}},
        {"displayname", {"display_name", as_text, {}}},
        {"description", {"description", as_text, {}}},
        {"userid", {"json_extract(created_by, '$.userObjectId')", as_text, {}}},
        {"createdby", {"json_extract(created_by, '$.userName')", as_text, {}}},
        {"username", {"json_extract(created_by, '$.userName')", as_text, {}}},
        {"hidden", {"archived", as_flag, {}}},
        {"archived", {"archived", as_flag, {}}},
        {"createdutc", {"created", as_time, {}, true}},
        {"createdtimeutc", {"created", as_time, {}, true}},
        {"starttimeutc", {"started", as_time, {}}},
        {"endtimeutc", {"ended", as_time, {}}},
        {"lastmodifiedutc", {"modified", as_time, {}}},
        {"runnumber", {"created / 1000", as_number, {}}},
        {"duration", {"(ended - started)", as_number, {}}},
    };
    return columns;
}

const std::map<std::string, Column, std::less<>>& mlflow_columns() {
    static const std::map<std::string, Column, std::less<>> columns{
        {"status", {mlflow_status_sql, as_text, {}}},
        {"run_id", {"id", as_text, {}}},
        {"run_name", {"display_name", as_text, {}}},
        {"run name", {"display_name", as_text, {}}},
        {"user_id", {"json_extract(created_by, '$.userName')", as_text, {}}},
        {"start_time", {"COALESCE(started, created)", as_number, {}}},
        {"created", {"created", as_number, {}, true}},
        {"end_time", {"ended", as_number, {}}},
        {"artifact_uri", {"'mlflow-artifacts:/ExperimentRun/dcid.' || id", as_text, {}}},
        {"experiment_id", {"experiment_id", as_text, {}}},
    };
    return columns;
}

const std::map<std::string, Column, std::less<>>& mlflow_tag_columns() {
    static const std::map<std::string, Column, std::less<>> columns{
        {"mlflow.runname", {"display_name", as_text, {}}},
        {"mlflow.user", {"json_extract(created_by, '$.userName')", as_text, {}}},
        {"mlflow.parentrunid", {"NULLIF(parent_id, '')", as_text, {}}},
        {"mlflow.rootrunid", {"root_id", as_text, {}}},
    };
    return columns;
}

Column member_of(std::string_view column, std::string_view key) {
    return {fmt::format("(SELECT value FROM json_each({}) WHERE key = ?)", column),
            as_text,
            {std::string(key)}};
}

[[noreturn]] void unknown(std::string_view field) {
    throw Error(ErrorKind::Rejected,
                fmt::format("Runs cannot be filtered or ordered by '{}'.", field));
}

Column run_history_column(std::string_view field) {
    const auto slash = field.find('/');
    if (slash != std::string_view::npos) {
        const auto group = to_lower(field.substr(0, slash));
        const auto key = field.substr(slash + 1);
        if (group == "tags") return member_of("tags", key);
        if (group == "properties") return member_of("properties", key);
        if (group == "parameters") return member_of("parameters", key);
        unknown(field);
    }
    const auto found = run_history_columns().find(to_lower(field));
    if (found == run_history_columns().end()) unknown(field);
    return found->second;
}

Column mlflow_column(std::string_view field) {
    const auto dot = field.find('.');
    const auto group =
        dot == std::string_view::npos ? "attributes" : to_lower(field.substr(0, dot));
    const auto key = dot == std::string_view::npos ? field : field.substr(dot + 1);
    if (group == "metrics" || group == "metric") {
        return {"(SELECT last_value FROM metrics WHERE run = runs.sequence AND name = ?)",
                as_number,
                {std::string(key)}};
    }
    if (group == "params" || group == "param" || group == "parameters")
        return member_of("parameters", key);
    if (group == "tags" || group == "tag") {
        const auto known = mlflow_tag_columns().find(to_lower(key));
        return known == mlflow_tag_columns().end() ? member_of("tags", key) : known->second;
    }
    if (group != "attributes" && group != "attribute" && group != "run") unknown(field);
    const auto found = mlflow_columns().find(to_lower(key));
    if (found == mlflow_columns().end()) unknown(field);
    return found->second;
}

Column run_column(std::string_view field, FilterLanguage language) {
    return language == FilterLanguage::MlFlow ? mlflow_column(field) : run_history_column(field);
}

SqlCondition run_condition(const Filter& comparison, FilterLanguage language) {
    const auto column = run_column(comparison.field, language);
    auto condition = compare_sql(comparison, column.sql, column.bind);
    condition.values.insert(condition.values.begin(), column.leading.begin(), column.leading.end());
    return condition;
}

// How a list is ordered, and how it goes on after a page.
struct Order {
    SqlCondition sql;
    /// The list is in the order in which runs were made, and so is an index: the next page starts
    /// behind the last run rather than after a number of runs.
    bool indexed = false;
    bool by_created = false;
    bool descending = true;
};

Order order_of(const RunQuery& query) {
    Order order;
    const auto terms = parse_order(query.order);
    for (const auto& term : terms) {
        const auto column = run_column(term.field, query.language);
        const auto* direction = term.descending ? "DESC" : "ASC";
        if (column.indexed && terms.size() == 1) {
            order.sql.sql = fmt::format("{} {}, ", column.sql, direction);
            order.indexed = order.by_created = true;
            order.descending = term.descending;
            continue;
        }
        order.sql.sql += fmt::format("{0} IS NULL, {0} {1}, ", column.sql, direction);
        for (int uses = 0; uses < 2; ++uses) {
            auto& values = order.sql.values;
            values.insert(values.end(), column.leading.begin(), column.leading.end());
        }
    }
    if (terms.empty()) order.indexed = true;
    order.sql.sql += "sequence DESC";
    return order;
}

// What is behind the run that the token names.
SqlCondition behind(const PageToken& token, const Order& order) {
    if (!order.by_created) return {"sequence < ?", {token.last}};
    return {order.descending ? "created <= ? AND (created < ? OR sequence < ?)"
                             : "created >= ? AND (created > ? OR sequence < ?)",
            {token.last_value, token.last_value, token.last}};
}

std::int64_t newest_run(Context& context) {
    std::int64_t newest = 0;
    context.store.query("SELECT COALESCE(MAX(sequence), 0) FROM runs", {}, [&](const Row& row) {
        newest = row.integer(0);
    });
    return newest;
}

}  // namespace

FoundRuns find_runs(Context& context, std::string_view workspace_id, const RunQuery& query) {
    auto token = query.token;
    if (token.newest == 0) token.newest = newest_run(context);
    SqlCondition where{"workspace_id = ? AND sequence <= ?",
                       {std::string(workspace_id), token.newest}};
    const auto require = [&](const SqlCondition& condition) {
        where.sql += " AND (" + condition.sql + ")";
        where.values.insert(where.values.end(), condition.values.begin(), condition.values.end());
    };
    for (const auto& condition : query.conditions) require(condition);
    if (const auto filter = parse_filter(query.filter, query.language)) {
        require(to_sql(*filter, [&](const Filter& comparison) {
            return run_condition(comparison, query.language);
        }));
    }
    const auto order = order_of(query);
    if (order.indexed && token.last > 0) require(behind(token, order));
    // Sorted by key alone, and only then read whole: the rows are long.
    const auto inner =
        fmt::format("sequence IN (SELECT sequence FROM runs WHERE {} ORDER BY {} LIMIT ? OFFSET ?)",
                    where.sql,
                    order.sql.sql);
    auto values = where.values;
    const auto& keys = order.sql.values;
    values.insert(values.end(), keys.begin(), keys.end());
    values.emplace_back(static_cast<std::int64_t>(query.limit + 1));
    values.emplace_back(static_cast<std::int64_t>(token.offset));
    values.insert(values.end(), keys.begin(), keys.end());
    FoundRuns page{context.runs.select(inner, values, order.sql.sql, query.limit + 1), ""};
    if (page.runs.size() > query.limit) {
        page.runs.resize(query.limit);
        if (order.indexed) {
            token.last = page.runs.back().sequence;
            token.last_value = to_millis(page.runs.back().created);
        } else {
            token.offset += query.limit;
        }
        page.next_token = token.encode();
    }
    return page;
}

std::string_view mlflow_status(std::string_view status) {
    if (status == run_status::completed) return "FINISHED";
    if (status == run_status::failed) return "FAILED";
    if (status == run_status::canceled) return "KILLED";
    if (status == run_status::running || status == run_status::finalizing ||
        status == run_status::cancel_requested) {
        return "RUNNING";
    }
    return "SCHEDULED";
}

}  // namespace aml::emulator
