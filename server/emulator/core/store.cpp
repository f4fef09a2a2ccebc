#include "core/store.hpp"

#include "support/error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <map>

namespace aml::emulator {
namespace {

[[noreturn]] void fail(sqlite3* database, std::string_view what) {
    const int code = sqlite3_errcode(database) & 0xFF;
    const bool environment = code == SQLITE_FULL || code == SQLITE_READONLY ||
                             code == SQLITE_IOERR || code == SQLITE_CANTOPEN ||
                             code == SQLITE_CORRUPT || code == SQLITE_NOTADB ||
                             code == SQLITE_BUSY || code == SQLITE_LOCKED;
    throw Error(environment ? ErrorKind::Unavailable : ErrorKind::InternalError,
                fmt::format("{}: {}.", what, sqlite3_errmsg(database)));
}

void bind_one(sqlite3_stmt* statement, int index, const Value& value) {
    struct Binder {
        sqlite3_stmt* statement;
        int index;

        int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, index); }

        int operator()(std::int64_t number) const {
            return sqlite3_bind_int64(statement, index, number);
        }

        int operator()(double number) const {
            return sqlite3_bind_double(statement, index, number);
        }

        int operator()(const std::string& text) const {
            return sqlite3_bind_text64(
                statement, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        }
    };

    const Binder binder{statement, index};
    if (std::visit(binder, value) != SQLITE_OK)
        fail(sqlite3_db_handle(statement), "Cannot bind a value");
}

template <typename Values>
void bind_all(sqlite3_stmt* statement, const Values& values) {
    if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != values.size()) {
        throw Error(ErrorKind::InternalError,
                    fmt::format("Wrong number of values for: {}", sqlite3_sql(statement)));
    }
    int index = 0;
    for (const auto& value : values) bind_one(statement, ++index, value);
}

/// Gives a statement back to the cache, whatever happens.
struct Reset {
    sqlite3_stmt* statement;

    ~Reset() {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
};

}  // namespace

struct Store::Prepared {
    std::map<std::string, sqlite3_stmt*, std::less<>> statements;

    ~Prepared() {
        for (const auto& [sql, statement] : statements) sqlite3_finalize(statement);
    }
};

bool Row::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Row::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double Row::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

std::string Row::text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(bytes, size);
}

Store::Store(const std::filesystem::path& file)
    : prepared_(std::make_unique<Prepared>()) {
    const auto where = fmt::format("Cannot use the state file {}", file.string());
    if (sqlite3_open_v2(file.string().c_str(),
                        &database_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        nullptr) != SQLITE_OK) {
        const Error error(ErrorKind::Unavailable,
                          fmt::format("{}: {}.", where, sqlite3_errmsg(database_)));
        sqlite3_close(database_);
        throw error;
    }
    try {
        // The exclusive lock keeps a second emulator off the same state.
        for (const auto* pragma : {"PRAGMA locking_mode=EXCLUSIVE",
                                   "PRAGMA journal_mode=WAL",
                                   "PRAGMA synchronous=FULL",
                                   "PRAGMA foreign_keys=ON",
                                   "PRAGMA temp_store=MEMORY",
                                   "PRAGMA cache_size=-16000"}) {
            query(pragma, {}, [](const Row&) {});
        }
        execute(
            "CREATE TABLE IF NOT EXISTS parts(name TEXT PRIMARY KEY, version INTEGER NOT NULL) "
            "WITHOUT ROWID");
        migrate("core",
                {"CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"});
    } catch (const Error& error) {
        prepared_.reset();
        sqlite3_close(database_);
        const bool busy = error.message().find("locked") != std::string::npos;
        throw Error(
            ErrorKind::Unavailable,
            busy
                ? fmt::format(
                      "{}: another emulator is using it. Stop that one or choose another --state.",
                      where)
                : fmt::format(
                      "{}. {} Choose another --state or remove the file.", where, error.message()));
    }
}

Store::~Store() {
    prepared_.reset();
    sqlite3_close(database_);
}

sqlite3_stmt* Store::prepare(std::string_view sql) {
    const auto known = prepared_->statements.find(sql);
    if (known != prepared_->statements.end()) return known->second;
    sqlite3_stmt* statement = nullptr;
    const auto size = static_cast<int>(sql.size());
    if (sqlite3_prepare_v3(
            database_, sql.data(), size, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
        SQLITE_OK) {
        fail(database_, fmt::format("Cannot prepare \"{}\"", sql));
    }
    prepared_->statements.emplace(sql, statement);
    return statement;
}

void Store::migrate(std::string_view part, std::initializer_list<const char*> migrations) {
    Transaction transaction(*this);
    std::int64_t version = 0;
    query("SELECT version FROM parts WHERE name = ?", {std::string(part)}, [&](const Row& row) {
        version = row.integer(0);
    });
    const auto newest = static_cast<std::int64_t>(migrations.size());
    if (version > newest) {
        throw Error(
            ErrorKind::Unavailable,
            fmt::format("The state was written by a newer emulator ({} version {}, known up to {})",
                        part,
                        version,
                        newest));
    }
    if (version == newest) return transaction.commit();
    for (auto i = version; i < newest; ++i) {
        const char* sql = *(migrations.begin() + i);
        if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            fail(database_, "Cannot bring the state up to date");
    }
    execute("INSERT OR REPLACE INTO parts(name, version) VALUES(?, ?)",
            {std::string(part), newest});
    transaction.commit();
}

std::int64_t Store::execute(std::string_view sql, std::initializer_list<Value> values) {
    return execute(sql, std::vector<Value>(values));
}

std::int64_t Store::execute(std::string_view sql, const std::vector<Value>& values) {
    query(sql, values, [](const Row&) {});
    return sqlite3_changes64(database_);
}

void Store::query(std::string_view sql,
                  const std::vector<Value>& values,
                  const std::function<void(const Row&)>& on_row) {
    auto* statement = prepare(sql);
    const Reset reset{statement};
    bind_all(statement, values);
    const Row row(statement);
    for (;;) {
        const int code = sqlite3_step(statement);
        if (code == SQLITE_DONE) return;
        if (code != SQLITE_ROW)
            fail(database_, fmt::format("Cannot run \"{}\"", sql.substr(0, 60)));
        on_row(row);
    }
}

std::int64_t Store::last_insert_id() const {
    return sqlite3_last_insert_rowid(database_);
}

std::optional<std::string> Store::fact(std::string_view name) {
    std::optional<std::string> value;
    query("SELECT value FROM facts WHERE name = ?", {std::string(name)}, [&](const Row& row) {
        value = row.text(0);
    });
    return value;
}

void Store::set_fact(std::string_view name, const std::string& value) {
    execute("INSERT OR REPLACE INTO facts(name, value) VALUES(?, ?)", {std::string(name), value});
}

Transaction::Transaction(Store& store)
    : store_(store) {
    if (store_.depth_++ > 0) return;
    try {
        store_.execute("BEGIN IMMEDIATE");
    } catch (...) {
        --store_.depth_;
        throw;
    }
}

Transaction::~Transaction() {
    if (done_) return;
    store_.inner_rolled_back_ = --store_.depth_ > 0;
    if (!store_.inner_rolled_back_)
        sqlite3_exec(store_.database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    if (store_.depth_ == 1) {
        if (store_.inner_rolled_back_)
            throw Error(ErrorKind::InternalError, "A part of the transaction was rolled back.");
        store_.execute("COMMIT");
    }
    done_ = true;
    --store_.depth_;
}

}  // namespace aml::emulator
