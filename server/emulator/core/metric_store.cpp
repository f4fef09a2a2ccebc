#include "core/metric_store.hpp"

#include "core/time.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

namespace aml::emulator {

namespace {

// NaN is stored as NULL, which is what SQLite makes of it anyway.
constexpr auto tables = R"sql(
CREATE TABLE metrics(run INTEGER NOT NULL REFERENCES runs(sequence) ON DELETE CASCADE, name TEXT NOT NULL,
    position INTEGER NOT NULL, columns TEXT NOT NULL, properties TEXT NOT NULL, rows INTEGER NOT NULL,
    last_row INTEGER NOT NULL, last_step INTEGER NOT NULL, last_value REAL,
    PRIMARY KEY(run, name)) WITHOUT ROWID;
CREATE TABLE metric_rows(sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES runs(sequence) ON DELETE CASCADE, name TEXT NOT NULL, number INTEGER NOT NULL,
    step INTEGER NOT NULL, time INTEGER NOT NULL, value REAL, data TEXT);
CREATE UNIQUE INDEX metric_rows_in_order ON metric_rows(run, name, number);
)sql";

constexpr auto point_columns = "sequence, name, step, time, value, data";

Value stored(double value) {
    return std::isnan(value) ? Value(nullptr) : Value(value);
}

MetricPoint read(const Row& row) {
    MetricPoint point;
    point.sequence = row.integer(0);
    point.name = row.text(1);
    point.step = row.integer(2);
    point.time = from_millis(row.integer(3));
    point.value = row.is_null(4) ? std::numeric_limits<double>::quiet_NaN() : row.real(4);
    if (!row.is_null(5)) point.data = json::parse(row.text(5));
    return point;
}

}  // namespace

MetricStore::MetricStore(Store& store)
    : store_(store) {
    store_.migrate("metrics", {tables});
}

void MetricStore::log(std::int64_t run,
                      const std::vector<MetricPoint>& points,
                      const std::map<std::string, MetricDefinition>& definitions) {
    Transaction transaction(store_);
    for (const auto& point : points) {
        const auto declared = definitions.find(point.name);
        const auto definition =
            declared == definitions.end() ? MetricDefinition{} : declared->second;
        store_.execute(
            "INSERT INTO metrics SELECT ?, ?, (SELECT count(*) FROM metrics WHERE run = ?), ?, ?, "
            "0, 0, ?, NULL "
            "WHERE NOT EXISTS (SELECT 1 FROM metrics WHERE run = ? AND name = ?)",
            {run,
             point.name,
             run,
             definition.columns.dump(),
             definition.properties.dump(),
             std::numeric_limits<std::int64_t>::min(),
             run,
             point.name});
        store_.execute(
            "INSERT INTO metric_rows(run, name, number, step, time, value, data) "
            "VALUES(?, ?, (SELECT rows FROM metrics WHERE run = ? AND name = ?), ?, ?, ?, ?)",
            {run,
             point.name,
             run,
             point.name,
             point.step,
             to_millis(point.time),
             stored(point.value),
             point.data.is_null() ? Value(nullptr) : Value(point.data.dump())});
        store_.execute("UPDATE metrics SET rows = rows + 1 WHERE run = ? AND name = ?",
                       {run, point.name});
        store_.execute(
            "UPDATE metrics SET last_row = ?, last_step = ?, last_value = ? WHERE run = ? AND name "
            "= ? AND "
            "last_step <= ?",
            {store_.last_insert_id(),
             point.step,
             stored(point.value),
             run,
             point.name,
             point.step});
    }
    transaction.commit();
}

std::vector<MetricDefinition> MetricStore::definitions(std::int64_t run) {
    std::vector<MetricDefinition> found;
    store_.query(
        "SELECT name, columns, properties, rows FROM metrics WHERE run = ? ORDER BY position",
        {run},
        [&](const Row& row) {
            found.push_back(
                {row.text(0), json::parse(row.text(1)), json::parse(row.text(2)), row.integer(3)});
        });
    return found;
}

std::vector<MetricPoint> MetricStore::last_values(std::int64_t run) {
    std::vector<MetricPoint> found;
    store_.query(
        "SELECT r.sequence, r.name, r.step, r.time, r.value, r.data FROM metrics m "
        "JOIN metric_rows r ON r.sequence = m.last_row WHERE m.run = ? ORDER BY m.position",
        {run},
        [&](const Row& row) { found.push_back(read(row)); });
    return found;
}

std::vector<MetricPoint> MetricStore::points(
    std::int64_t run, std::string_view name, std::int64_t after, std::size_t limit, Time since) {
    static const auto sql = fmt::format(
        "SELECT {} FROM metric_rows WHERE run = ? AND name = ? AND number > COALESCE((SELECT "
        "number FROM metric_rows WHERE sequence = ?), -1) AND time >= ? ORDER BY number LIMIT ?",
        point_columns);
    std::vector<MetricPoint> found;
    store_.query(
        sql,
        {run, std::string(name), after, to_millis(since), static_cast<std::int64_t>(limit)},
        [&](const Row& row) { found.push_back(read(row)); });
    return found;
}

std::vector<MetricPoint> MetricStore::sample(std::int64_t run,
                                             std::string_view name,
                                             std::size_t count) {
    std::int64_t rows = 0;
    store_.query("SELECT rows FROM metrics WHERE run = ? AND name = ?",
                 {run, std::string(name)},
                 [&](const Row& row) { rows = row.integer(0); });
    const auto wanted = static_cast<std::int64_t>(count);
    const auto stride = std::max<std::int64_t>(1, (rows + wanted - 1) / wanted);
    // The newest row is always among them.
    static const auto sql = fmt::format(
        "WITH RECURSIVE wanted(place) AS (SELECT ? UNION ALL SELECT place + ? FROM wanted WHERE "
        "place + ? < ?) SELECT {} FROM wanted CROSS JOIN metric_rows ON run = ? AND name = ? AND "
        "number = place ORDER BY number",
        point_columns);
    std::vector<MetricPoint> found;
    if (rows == 0) return found;
    store_.query(sql,
                 {(rows - 1) % stride, stride, stride, rows, run, std::string(name)},
                 [&](const Row& row) { found.push_back(read(row)); });
    return found;
}

}  // namespace aml::emulator
