#include "entra/grant_store.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

#include <cctype>

namespace aml::emulator {
namespace {

constexpr const char* grant_tables = R"(
CREATE TABLE entra_devices(
    device_code TEXT PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    state INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    polled INTEGER,
    interval INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE entra_refresh(
    hash TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    revoked INTEGER NOT NULL,
    created INTEGER NOT NULL) WITHOUT ROWID;
)";

constexpr const char* tenant_column =
    "ALTER TABLE entra_refresh ADD COLUMN tenant TEXT NOT NULL DEFAULT ''";

std::optional<DeviceGrant> find_grant(Store& store, std::string_view column, std::string value) {
    std::optional<DeviceGrant> found;
    const auto sql =
        "SELECT device_code, user_code, client_id, scope, state, expires, polled, interval FROM "
        "entra_devices WHERE " +
        std::string(column) + " = ?";
    store.query(sql, {std::move(value)}, [&](const Row& row) {
        DeviceGrant grant;
        grant.device_code = row.text(0);
        grant.user_code = row.text(1);
        grant.client_id = row.text(2);
        grant.scope = row.text(3);
        grant.state = static_cast<DeviceGrant::State>(row.integer(4));
        grant.expires = from_millis(row.integer(5));
        if (!row.is_null(6)) grant.polled = from_millis(row.integer(6));
        grant.interval = row.integer(7);
        found = std::move(grant);
    });
    return found;
}

std::string hash_of(std::string_view token) {
    return hex(sha256(token));
}

}  // namespace

GrantStore::GrantStore(Store& store)
    : store_(store) {
    store_.migrate("entra", {grant_tables, tenant_column});
}

void GrantStore::add(const DeviceGrant& grant) {
    store_.execute(
        "INSERT INTO entra_devices(device_code, user_code, client_id, scope, state, expires, "
        "interval) VALUES(?, ?, ?, ?, ?, ?, ?)",
        {grant.device_code,
         grant.user_code,
         grant.client_id,
         grant.scope,
         static_cast<std::int64_t>(grant.state),
         to_millis(grant.expires),
         grant.interval});
}

std::optional<DeviceGrant> GrantStore::find_device(std::string_view device_code) {
    return find_grant(store_, "device_code", std::string(device_code));
}

std::optional<DeviceGrant> GrantStore::find_user_code(std::string_view user_code) {
    std::string code;
    for (const char c : to_upper(user_code)) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) code += c;
    }
    return find_grant(store_, "user_code", std::move(code));
}

void GrantStore::update(const DeviceGrant& grant) {
    Value polled = nullptr;
    if (grant.polled) polled = to_millis(*grant.polled);
    store_.execute(
        "UPDATE entra_devices SET state = ?, polled = ?, interval = ? WHERE device_code = ?",
        {static_cast<std::int64_t>(grant.state), polled, grant.interval, grant.device_code});
}

void GrantStore::remove_expired(Time before) {
    store_.execute("DELETE FROM entra_devices WHERE expires < ?", {to_millis(before)});
}

std::string GrantStore::add_refresh(const RefreshGrant& grant, Time now) {
    auto token = "1.A" + base64url_encode(random_bytes(96));
    store_.execute(
        "INSERT INTO entra_refresh(hash, client_id, scope, revoked, created, tenant) VALUES(?, ?, "
        "?, "
        "0, ?, ?)",
        {hash_of(token), grant.client_id, grant.scope, to_millis(now), grant.tenant});
    return token;
}

std::optional<RefreshGrant> GrantStore::find_refresh(std::string_view token) {
    std::optional<RefreshGrant> found;
    store_.query(
        "SELECT client_id, scope, revoked, tenant FROM entra_refresh WHERE hash = ?",
        {hash_of(token)},
        [&](const Row& row) {
            found = RefreshGrant{row.text(0), row.text(1), row.integer(2) != 0, row.text(3)};
        });
    return found;
}

void GrantStore::revoke_all() {
    store_.execute("UPDATE entra_refresh SET revoked = 1");
}

}  // namespace aml::emulator
