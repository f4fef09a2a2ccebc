#include "core/tenants.hpp"

#include "core/text.hpp"

namespace aml::emulator {
namespace {

constexpr const char* tenant_tables = R"(
CREATE TABLE tenants(
    id TEXT PRIMARY KEY COLLATE NOCASE, name TEXT NOT NULL, domain TEXT NOT NULL, policy INTEGER NOT NULL);
CREATE TABLE subscription_tenants(
    subscription TEXT PRIMARY KEY COLLATE NOCASE, tenant TEXT NOT NULL);
)";

}  // namespace

Tenants::Tenants(Store& store)
    : store_(store) {
    store_.migrate("tenants", {tenant_tables});
}

std::vector<Tenant> Tenants::all() const {
    std::vector<Tenant> found;
    store_.query(
        "SELECT id, name, domain, policy FROM tenants ORDER BY rowid", {}, [&](const Row& row) {
            found.push_back(
                {row.text(0), row.text(1), row.text(2), static_cast<SignInPolicy>(row.integer(3))});
        });
    return found;
}

std::optional<Tenant> Tenants::find(std::string_view id) const {
    for (auto& tenant : all()) {
        if (same_text(tenant.id, id) || same_text(tenant.domain, id)) return std::move(tenant);
    }
    return std::nullopt;
}

void Tenants::put(const Tenant& tenant) {
    store_.execute(
        "INSERT INTO tenants(id, name, domain, policy) VALUES(?, ?, ?, ?) ON CONFLICT(id) DO "
        "UPDATE "
        "SET name = excluded.name, domain = excluded.domain, policy = excluded.policy",
        {tenant.id, tenant.name, tenant.domain, static_cast<std::int64_t>(tenant.policy)});
}

std::string Tenants::of_subscription(std::string_view subscription, const std::string& home) const {
    auto tenant = home;
    store_.query("SELECT tenant FROM subscription_tenants WHERE subscription = ?",
                 {std::string(subscription)},
                 [&](const Row& row) { tenant = row.text(0); });
    return tenant;
}

void Tenants::assign(std::string_view subscription, std::string_view tenant) {
    store_.execute("INSERT OR REPLACE INTO subscription_tenants(subscription, tenant) VALUES(?, ?)",
                   {std::string(subscription), std::string(tenant)});
}

}  // namespace aml::emulator
