#include "core/runs.hpp"

#include "core/json.hpp"
#include "core/time.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <array>

namespace aml::emulator {
namespace {

constexpr const char* run_tables = R"(
CREATE TABLE experiments(
    id TEXT PRIMARY KEY COLLATE NOCASE,
    workspace_id TEXT NOT NULL COLLATE NOCASE REFERENCES workspaces(id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    tags TEXT NOT NULL,
    created INTEGER NOT NULL,
    archived INTEGER,
    UNIQUE(workspace_id, name));
CREATE INDEX experiments_in_order ON experiments(workspace_id, created);
CREATE TABLE runs(
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id TEXT NOT NULL COLLATE NOCASE REFERENCES workspaces(id) ON DELETE CASCADE,
    id TEXT NOT NULL COLLATE NOCASE,
    uuid TEXT NOT NULL,
    experiment_id TEXT NOT NULL COLLATE NOCASE,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    target TEXT NOT NULL COLLATE NOCASE,
    parent_id TEXT NOT NULL COLLATE NOCASE,
    root_id TEXT NOT NULL COLLATE NOCASE,
    tags TEXT NOT NULL,
    properties TEXT NOT NULL,
    parameters TEXT NOT NULL,
    job TEXT NOT NULL,
    created_by TEXT NOT NULL,
    error TEXT NOT NULL,
    warnings TEXT NOT NULL,
    queueing TEXT NOT NULL,
    runner TEXT NOT NULL,
    archived INTEGER NOT NULL,
    created INTEGER NOT NULL,
    started INTEGER,
    ended INTEGER,
    modified INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    status_revision INTEGER NOT NULL,
    UNIQUE(workspace_id, id));
CREATE INDEX runs_of_experiment ON runs(workspace_id, experiment_id, created);
CREATE INDEX runs_in_order ON runs(workspace_id, kind, sequence);
CREATE INDEX runs_of_parent ON runs(workspace_id, parent_id) WHERE parent_id <> '';
CREATE INDEX runs_unfinished ON runs(sequence) WHERE status NOT IN ('Completed', 'Failed', 'Canceled');
)";

// A page of a list in the order in which runs were made costs a page.
constexpr const char* run_orders = R"(
CREATE INDEX runs_of_experiment_in_order ON runs(workspace_id, experiment_id);
CREATE INDEX runs_of_workspace_in_order ON runs(workspace_id);
CREATE INDEX runs_of_workspace_by_time ON runs(workspace_id, created);
)";

// The order of columns in `values_of` and `read_run`.
constexpr std::array columns{"workspace_id",  "id",          "uuid",
                             "experiment_id", "kind",        "status",
                             "display_name",  "description", "target",
                             "parent_id",     "root_id",     "tags",
                             "properties",    "parameters",  "job",
                             "created_by",    "error",       "warnings",
                             "queueing",      "runner",      "archived",
                             "created",       "started",     "ended",
                             "modified",      "revision",    "status_revision"};

Value time_value(const std::optional<Time>& time) {
    if (!time) return nullptr;
    return to_millis(*time);
}

std::optional<Time> read_time(const Row& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return from_millis(row.integer(column));
}

std::vector<Value> values_of(const Run& run) {
    return {run.workspace_id,
            run.id,
            run.uuid,
            run.experiment_id,
            run.kind,
            run.status,
            run.display_name,
            run.description,
            run.target,
            run.parent_id,
            run.root_id,
            json_text(run.tags),
            json_text(run.properties),
            json_text(run.parameters),
            json_text(run.job),
            json_text(run.created_by),
            json_text(run.error),
            json_text(run.warnings),
            json_text(run.queueing),
            json_text(run.runner),
            std::int64_t{run.archived},
            to_millis(run.created),
            time_value(run.started),
            time_value(run.ended),
            to_millis(run.modified),
            run.revision,
            run.status_revision};
}

Run read_run(const Row& row) {
    Run run;
    int column = 0;
    run.sequence = row.integer(column++);
    for (auto* field : {&run.workspace_id,
                        &run.id,
                        &run.uuid,
                        &run.experiment_id,
                        &run.kind,
                        &run.status,
                        &run.display_name,
                        &run.description,
                        &run.target,
                        &run.parent_id,
                        &run.root_id}) {
        *field = row.text(column++);
    }
    for (auto* field : {&run.tags,
                        &run.properties,
                        &run.parameters,
                        &run.job,
                        &run.created_by,
                        &run.error,
                        &run.warnings,
                        &run.queueing,
                        &run.runner}) {
        *field = json::parse(row.text(column++));
    }
    run.archived = row.integer(column++) != 0;
    run.created = from_millis(row.integer(column++));
    run.started = read_time(row, column++);
    run.ended = read_time(row, column++);
    run.modified = from_millis(row.integer(column++));
    run.revision = row.integer(column++);
    run.status_revision = row.integer(column++);
    return run;
}

const std::string& column_list() {
    static const auto list = fmt::format("{}", fmt::join(columns, ", "));
    return list;
}

/// `?, ?, …`, one for each value.
std::string marks(std::size_t count) {
    std::string text = "?";
    for (std::size_t i = 1; i < count; ++i) text += ", ?";
    return text;
}

std::vector<Run> select_runs(Store& store,
                             std::string_view rest,
                             const std::vector<Value>& values) {
    std::vector<Run> found;
    const auto sql = fmt::format("SELECT sequence, {} FROM runs {}", column_list(), rest);
    store.query(sql, values, [&](const Row& row) { found.push_back(read_run(row)); });
    return found;
}

std::vector<Experiment> select_experiments(Store& store,
                                           std::string_view rest,
                                           const std::vector<Value>& values) {
    std::vector<Experiment> found;
    const auto sql = fmt::format(
        "SELECT id, workspace_id, name, tags, created, archived FROM experiments {}", rest);
    store.query(sql, values, [&](const Row& row) {
        Experiment experiment;
        experiment.id = row.text(0);
        experiment.workspace_id = row.text(1);
        experiment.name = row.text(2);
        experiment.tags = json::parse(row.text(3));
        experiment.created = from_millis(row.integer(4));
        experiment.archived = read_time(row, 5);
        found.push_back(std::move(experiment));
    });
    return found;
}

}  // namespace

bool is_final(std::string_view status) {
    return status == run_status::completed || status == run_status::failed ||
           status == run_status::canceled;
}

RunStore::RunStore(Store& store, Random& random)
    : store_(store),
      random_(random) {
    store_.migrate("runs", {run_tables, run_orders});
}

std::optional<Experiment> RunStore::find_experiment(std::string_view workspace_id,
                                                    std::string_view name) {
    return first_found(select_experiments(store_,
                                          "WHERE workspace_id = ? AND name = ?",
                                          {std::string(workspace_id), std::string(name)}));
}

std::optional<Experiment> RunStore::find_experiment_by_id(std::string_view workspace_id,
                                                          std::string_view id) {
    return first_found(select_experiments(
        store_, "WHERE workspace_id = ? AND id = ?", {std::string(workspace_id), std::string(id)}));
}

Experiment RunStore::ensure_experiment(std::string_view workspace_id,
                                       std::string_view name,
                                       Time now) {
    if (auto known = find_experiment(workspace_id, name)) return *known;
    Experiment experiment;
    experiment.id = random_.uuid();
    experiment.workspace_id = workspace_id;
    experiment.name = name;
    experiment.created = now;
    store_.execute(
        "INSERT INTO experiments(id, workspace_id, name, tags, created, archived) VALUES(?, ?, ?, "
        "?, ?, NULL)",
        {experiment.id,
         experiment.workspace_id,
         experiment.name,
         json_text(experiment.tags),
         to_millis(now)});
    return experiment;
}

void RunStore::update_experiment(const Experiment& experiment) {
    store_.execute("UPDATE experiments SET tags = ?, archived = ? WHERE id = ?",
                   {json_text(experiment.tags), time_value(experiment.archived), experiment.id});
}

std::vector<Experiment> RunStore::list_experiments(std::string_view workspace_id) {
    return select_experiments(store_,
                              "WHERE workspace_id = ? ORDER BY created DESC, rowid DESC",
                              {std::string(workspace_id)});
}

std::optional<Run> RunStore::find(std::string_view workspace_id, std::string_view id) {
    return first_found(select_runs(
        store_, "WHERE workspace_id = ? AND id = ?", {std::string(workspace_id), std::string(id)}));
}

void RunStore::insert(Run& run) {
    if (find(run.workspace_id, run.id)) {
        throw Error(ErrorKind::Conflict, fmt::format("There is a run named {} already.", run.id));
    }
    if (run.root_id.empty()) run.root_id = run.id;
    run.modified = run.created;
    run.revision = 1;
    run.status_revision = 0;
    static const auto sql =
        fmt::format("INSERT INTO runs({}) VALUES({})", column_list(), marks(columns.size()));
    store_.execute(sql, values_of(run));
    run.sequence = store_.last_insert_id();
}

void RunStore::update(Run& run, Time now) {
    const auto stored = find(run.workspace_id, run.id);
    if (!stored) throw Error(ErrorKind::NotFound, fmt::format("There is no run named {}.", run.id));
    run.modified = now;
    run.revision = stored->revision + 1;
    run.status_revision = stored->status_revision + (stored->status == run.status ? 0 : 1);
    static const auto sql =
        fmt::format("UPDATE runs SET {} = ? WHERE sequence = ?", fmt::join(columns, " = ?, "));
    auto values = values_of(run);
    values.emplace_back(stored->sequence);
    store_.execute(sql, values);
}

void RunStore::remove(std::string_view workspace_id, std::string_view id) {
    store_.execute("DELETE FROM runs WHERE workspace_id = ? AND id = ?",
                   {std::string(workspace_id), std::string(id)});
}

std::vector<Run> RunStore::list_jobs(std::string_view workspace_id, PageRequest page) {
    return select_runs(
        store_,
        "WHERE workspace_id = ? AND kind = 'job' AND parent_id = '' AND sequence < ? "
        "ORDER BY sequence DESC LIMIT ?",
        {std::string(workspace_id), page.before(), static_cast<std::int64_t>(page.limit)});
}

std::vector<Run> RunStore::unfinished() {
    return select_runs(store_, fmt::format("WHERE {} ORDER BY sequence", is_unfinished), {});
}

std::vector<std::string> RunStore::child_targets(std::string_view workspace_id,
                                                 std::string_view id) {
    // A run that was made where a script ran, by MLflow or the v1 SDK, has no compute of its own.
    std::vector<std::string> targets;
    store_.query(
        "SELECT DISTINCT COALESCE(NULLIF(target, ''), 'local') FROM runs "
        "WHERE workspace_id = ? AND parent_id = ? AND parent_id <> '' ORDER BY 1",
        {std::string(workspace_id), std::string(id)},
        [&targets](const Row& row) { targets.push_back(row.text(0)); });
    return targets;
}

std::vector<Run> RunStore::select(std::string_view where,
                                  const std::vector<Value>& values,
                                  std::string_view order,
                                  std::size_t limit) {
    auto bound = values;
    bound.emplace_back(static_cast<std::int64_t>(limit));
    return select_runs(store_, fmt::format("WHERE {} ORDER BY {} LIMIT ?", where, order), bound);
}

}  // namespace aml::emulator
