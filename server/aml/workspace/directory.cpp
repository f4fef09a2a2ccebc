#include "workspace/directory.hpp"

#include "async/task_group.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

namespace aml::workspace {
namespace {

constexpr std::size_t at_a_time = 4;

/// One question: the subscriptions that an identity sees.
struct Place {
    azure::Identity identity{};
    std::string tenant_name{};
    std::string account_name{};
    std::vector<azure::Subscription> found{};
    std::optional<Error> failure{};
};

asio::awaitable<std::vector<azure::Tenant>> tenants_of(azure::Client& client,
                                                       std::string account,
                                                       std::stop_token stop) {
    azure::Identity identity{.tenant = {}, .account = std::move(account)};
    auto first = co_await azure::tenants::list(client, std::move(identity), stop);
    auto all = co_await azure::collect(std::move(first), stop);
    co_return all;
}

std::string name_of_tenant(const azure::Tenant& tenant) {
    if (!tenant.display_name.empty()) return tenant.display_name;
    return tenant.default_domain.empty() ? tenant.tenant_id : tenant.default_domain;
}

/// The tenants of one account; the account's own when they cannot be listed.
asio::awaitable<std::vector<Place>> places_of(azure::Client& client,
                                              auth::AccountReference account,
                                              std::stop_token stop) {
    std::vector<Place> places;
    try {
        const auto tenants = co_await tenants_of(client, account.id, stop);
        for (const auto& tenant : tenants) {
            places.push_back({.identity = {.tenant = tenant.tenant_id, .account = account.id},
                              .tenant_name = name_of_tenant(tenant),
                              .account_name = account.name});
        }
    } catch (const Error& error) {
        const bool hopeless = error.kind() == ErrorKind::Cancelled ||
                              error.kind() == ErrorKind::Unavailable ||
                              error.kind() == ErrorKind::TimedOut;
        if (hopeless) throw;
        if (error.kind() == ErrorKind::NotSignedIn) {
            // The editor also lists accounts that it lends to others only.
            if (!account.id.empty()) co_return places;
            throw;
        }
    }
    if (places.empty()) {
        places.push_back({.identity = {.tenant = {}, .account = account.id},
                          .tenant_name = account.name,
                          .account_name = account.name});
    }
    co_return places;
}

asio::awaitable<void> ask(azure::Client& client, Place& place, std::stop_token stop) {
    try {
        auto first = co_await azure::subscriptions::list(client, place.identity, stop);
        auto all = co_await azure::collect(std::move(first), stop);
        place.found = std::move(all);
    } catch (const Error& error) {
        if (stop.stop_requested()) throw;
        place.failure = error;
    }
}

void put_together(azure::Client& client, Place& place, DirectoryListing& listing) {
    if (!place.identity.tenant.empty())
        listing.tenant_names[lower(place.identity.tenant)] = place.tenant_name;
    if (place.failure) {
        const auto kind = place.failure->kind();
        listing.problems.push_back(
            {.identity = place.identity,
             .tenant_name = place.tenant_name,
             .account_name = place.account_name,
             .reason = place.failure->message(),
             .sign_in_helps = kind == ErrorKind::NotSignedIn || kind == ErrorKind::Cancelled});
        return;
    }
    for (auto& subscription : place.found) {
        const auto same = [&](const azure::Subscription& known) {
            return same_name(known.subscription_id, subscription.subscription_id);
        };
        const bool known =
            std::any_of(listing.subscriptions.begin(), listing.subscriptions.end(), same);
        if (known) continue;
        client.remember_identity(subscription.subscription_id, place.identity);
        listing.subscriptions.push_back(std::move(subscription));
    }
}

asio::awaitable<std::vector<Place>> all_places(AzureConnection& connection, std::stop_token stop) {
    const auto accounts = co_await connection.session.accounts(stop);
    const auto method = connection.session.method();
    std::vector<Place> places;
    const bool one_tenant = !connection.session.configured_tenant().empty() ||
                            (method && auth::is_application(*method));
    for (const auto& account : accounts) {
        if (one_tenant) {
            places.push_back({.identity = {.tenant = {}, .account = account.id},
                              .tenant_name = account.name,
                              .account_name = account.name});
            continue;
        }
        auto more = co_await places_of(connection.client, account, stop);
        std::move(more.begin(), more.end(), std::back_inserter(places));
    }
    if (places.empty()) {
        auth::AccountReference usual;
        places = co_await places_of(connection.client, std::move(usual), stop);
    }
    co_return places;
}

}  // namespace

asio::awaitable<DirectoryListing> list_directory(AzureConnection& connection,
                                                 std::stop_token stop) {
    auto places = co_await all_places(connection, stop);
    auto& client = connection.client;
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step =
        [&client, &places](std::size_t index, std::stop_token inner) {
            return ask(client, places[index], std::move(inner));
        };
    co_await async::for_each_parallel(places.size(), at_a_time, std::move(step), std::move(stop));
    DirectoryListing listing;
    for (auto& place : places) put_together(client, place, listing);
    const bool all_failed = listing.problems.size() == places.size();
    if (all_failed && !places.empty()) throw *places.front().failure;
    co_return listing;
}

}  // namespace aml::workspace
