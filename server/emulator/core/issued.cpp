#include "core/issued.hpp"

namespace aml::emulator {
namespace {

/// The fact that is there once a seed has asked for the list.
constexpr const char* asked_for = "list_issued";

constexpr const char* issued_table = R"(
CREATE TABLE issued(id INTEGER PRIMARY KEY, secret TEXT NOT NULL UNIQUE);
)";

}  // namespace

void note_issued(Store& store, std::string_view secret) {
    if (secret.empty() || !lists_issued(store)) return;
    store.execute("INSERT OR IGNORE INTO issued(secret) VALUES(?)", {std::string(secret)});
}

std::vector<std::string> issued(Store& store) {
    std::vector<std::string> all;
    store.query("SELECT secret FROM issued ORDER BY id", {}, [&](const Row& row) {
        all.push_back(row.text(0));
    });
    return all;
}

bool lists_issued(Store& store) {
    return store.fact(asked_for).has_value();
}

void list_issued(Store& store) {
    store.migrate("issued", {issued_table});
    store.set_fact(asked_for, "yes");
}

}  // namespace aml::emulator
