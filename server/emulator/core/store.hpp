#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace aml::emulator {

/// A value to bind: null, integer, real, or text/blob bytes.
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

/// One row while a statement stands on it; columns count from 0.
class Row final {
public:
    explicit Row(sqlite3_stmt* statement)
        : statement_(statement) {}

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    /// Text or blob bytes; "" for null.
    std::string text(int column) const;

private:
    sqlite3_stmt* statement_;
};

/// The first of what a query found; absent when it found nothing.
template <typename T>
std::optional<T> first_found(std::vector<T> found) {
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

/// The emulator's durable state: one SQLite file in WAL mode with synchronous=FULL, so that what a
/// reply acknowledged survives a kill or a power cut. Used on the loop thread only; statements are
/// prepared once and kept.
class Store final {
public:
    /// Opens or creates `file`. Throws: Unavailable when it cannot be opened, is damaged, is newer
    /// than this program, or is in use by another emulator.
    explicit Store(const std::filesystem::path& file);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// Brings one part's tables up to date: `migrations[i]` leads from version i to i + 1; what ran
    /// already is skipped. Throws: Unavailable when the file was written by a newer program.
    void migrate(std::string_view part, std::initializer_list<const char*> migrations);

    /// Runs a statement that yields no rows; returns how many rows it changed. Throws:
    /// InternalError with SQLite's message; Unavailable when the disk is full or read-only.
    std::int64_t execute(std::string_view sql, std::initializer_list<Value> values = {});
    std::int64_t execute(std::string_view sql, const std::vector<Value>& values);

    /// Calls `on_row` for each row, which may not use the same statement again.
    void query(std::string_view sql,
               const std::vector<Value>& values,
               const std::function<void(const Row&)>& on_row);

    std::int64_t last_insert_id() const;

    /// A row of its own for small facts (keys, ids made with the state).
    std::optional<std::string> fact(std::string_view name);
    void set_fact(std::string_view name, const std::string& value);

private:
    friend class Transaction;
    struct Prepared;
    sqlite3_stmt* prepare(std::string_view sql);
    sqlite3* database_ = nullptr;
    std::unique_ptr<Prepared> prepared_;
    int depth_ = 0;
    // An inner transaction was rolled back: the outermost may not commit.
    bool inner_rolled_back_ = false;
};

/// All or nothing: rolls back unless `commit` was called. Nested ones join the outermost. Hold it
/// across no co_await.
class Transaction final {
public:
    explicit Transaction(Store& store);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Durable when it returns. Throws: like Store::execute.
    void commit();

private:
    Store& store_;
    bool done_ = false;
};

}  // namespace aml::emulator
