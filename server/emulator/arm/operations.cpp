#include "arm/operations.hpp"

#include "core/time.hpp"

namespace aml::emulator {
namespace {

constexpr const char* operation_table = R"(
CREATE TABLE operations(
    id TEXT PRIMARY KEY COLLATE NOCASE,
    kind TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    target TEXT NOT NULL,
    started INTEGER NOT NULL,
    due INTEGER NOT NULL,
    status TEXT NOT NULL,
    error TEXT NOT NULL);
CREATE INDEX operations_open ON operations(due) WHERE status = 'InProgress';
)";

Operation read_operation(const Row& row) {
    Operation operation;
    operation.id = row.text(0);
    operation.kind = row.text(1);
    operation.workspace_id = row.text(2);
    operation.target = row.text(3);
    operation.started = from_millis(row.integer(4));
    operation.due = from_millis(row.integer(5));
    operation.status = row.text(6);
    operation.error = json::parse(row.text(7));
    return operation;
}

}  // namespace

Operations::Operations(Context& context)
    : context_(context) {
    context_.store.migrate("operations", {operation_table});
}

void Operations::on_end(std::string kind, Effect effect) {
    effects_.insert_or_assign(std::move(kind), std::move(effect));
}

void Operations::resume() {
    std::vector<Operation> open;
    context_.store.query(
        "SELECT id, kind, workspace_id, target, started, due, status, error FROM operations WHERE "
        "status = 'InProgress' ORDER BY due",
        {},
        [&](const Row& row) { open.push_back(read_operation(row)); });
    for (const auto& operation : open)
        context_.tasks.spawn(finish_later(operation.id, operation.due));
    context_.store.execute("DELETE FROM operations WHERE status <> 'InProgress' AND due < ?",
                           {to_millis(context_.clock.now() - std::chrono::hours(24))});
}

std::string Operations::start(std::string_view kind,
                              std::string_view workspace_id,
                              std::string_view target,
                              std::chrono::milliseconds duration) {
    auto id = context_.random.uuid();
    const auto now = context_.clock.now();
    context_.store.execute(
        "INSERT INTO operations(id, kind, workspace_id, target, started, due, status, error) "
        "VALUES(?, ?, ?, ?, ?, ?, 'InProgress', 'null')",
        {id,
         std::string(kind),
         std::string(workspace_id),
         std::string(target),
         to_millis(now),
         to_millis(now + duration)});
    context_.tasks.spawn(finish_later(id, now + duration));
    return id;
}

std::optional<Operation> Operations::find(std::string_view id) {
    std::optional<Operation> found;
    context_.store.query(
        "SELECT id, kind, workspace_id, target, started, due, status, error FROM operations WHERE "
        "id = ?",
        {std::string(id)},
        [&](const Row& row) { found = read_operation(row); });
    return found;
}

asio::awaitable<void> Operations::finish_later(std::string id, Time due) {
    co_await context_.clock.sleep_until(due, context_.tasks.stop_token());
    finish(id);
}

void Operations::finish(const std::string& id) {
    const auto operation = find(id);
    // Gone when the transaction that started it was rolled back.
    if (!operation || operation->status != "InProgress") return;
    Transaction transaction(context_.store);
    const auto effect = effects_.find(operation->kind);
    const auto error = effect == effects_.end() ? json() : effect->second(*operation);
    context_.store.execute(
        "UPDATE operations SET status = ?, error = ? WHERE id = ?",
        {std::string(error.is_null() ? "Succeeded" : "Failed"), error.dump(), id});
    transaction.commit();
}

}  // namespace aml::emulator
