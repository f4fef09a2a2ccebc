#include "arm/directory.hpp"

namespace aml::emulator {
namespace {

constexpr const char* directory_tables = R"(
CREATE TABLE subscriptions(
    id TEXT PRIMARY KEY COLLATE NOCASE, display_name TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE resource_groups(
    subscription TEXT NOT NULL COLLATE NOCASE REFERENCES subscriptions(id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    location TEXT NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY(subscription, name));
)";

}  // namespace

Directory::Directory(Store& store)
    : store_(store) {
    store_.migrate("directory", {directory_tables});
}

std::vector<Subscription> Directory::subscriptions() {
    std::vector<Subscription> found;
    store_.query("SELECT id, display_name, state FROM subscriptions ORDER BY rowid",
                 {},
                 [&](const Row& row) {
                     found.push_back({row.text(0), row.text(1), row.text(2)});
                 });
    return found;
}

std::optional<Subscription> Directory::find_subscription(std::string_view id) {
    std::optional<Subscription> found;
    store_.query("SELECT id, display_name, state FROM subscriptions WHERE id = ?",
                 {std::string(id)},
                 [&](const Row& row) {
                     found = Subscription{row.text(0), row.text(1), row.text(2)};
                 });
    return found;
}

void Directory::put(const Subscription& subscription) {
    store_.execute(
        "INSERT INTO subscriptions(id, display_name, state) VALUES(?, ?, ?) "
        "ON CONFLICT(id) DO UPDATE SET display_name = excluded.display_name, state = "
        "excluded.state",
        {subscription.id, subscription.display_name, subscription.state});
}

std::vector<ResourceGroup> Directory::groups(std::string_view subscription) {
    std::vector<ResourceGroup> found;
    store_.query(
        "SELECT subscription, name, location, tags FROM resource_groups WHERE subscription = ? "
        "ORDER BY name",
        {std::string(subscription)},
        [&](const Row& row) {
            found.push_back({row.text(0), row.text(1), row.text(2), json::parse(row.text(3))});
        });
    return found;
}

std::optional<ResourceGroup> Directory::find_group(std::string_view subscription,
                                                   std::string_view name) {
    std::optional<ResourceGroup> found;
    store_.query(
        "SELECT subscription, name, location, tags FROM resource_groups WHERE subscription = ? AND "
        "name = ?",
        {std::string(subscription), std::string(name)},
        [&](const Row& row) {
            found = ResourceGroup{row.text(0), row.text(1), row.text(2), json::parse(row.text(3))};
        });
    return found;
}

bool Directory::put(const ResourceGroup& group) {
    const bool is_new = !find_group(group.subscription, group.name);
    store_.execute(
        "INSERT INTO resource_groups(subscription, name, location, tags) VALUES(?, ?, ?, ?) "
        "ON CONFLICT(subscription, name) DO UPDATE SET tags = excluded.tags",
        {group.subscription, group.name, group.location, group.tags.dump()});
    return is_new;
}

bool Directory::remove_group(std::string_view subscription, std::string_view name) {
    return store_.execute("DELETE FROM resource_groups WHERE subscription = ? AND name = ?",
                          {std::string(subscription), std::string(name)}) > 0;
}

}  // namespace aml::emulator
