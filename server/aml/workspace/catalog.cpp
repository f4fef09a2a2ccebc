#include "workspace/catalog.hpp"

#include "support/error.hpp"
#include "support/text.hpp"
#include "workspace/directory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace aml::workspace {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_experiments = 1000;
constexpr std::string_view public_registry = "azureml";

template <typename T>
void sort_by_name(std::vector<T>& items) {
    const auto by_name = [](const T& left, const T& right) {
        return lower(left.name) < lower(right.name);
    };
    std::sort(items.begin(), items.end(), by_name);
}

EnvironmentEntry entry_of(const azure::AssetContainer& container, std::string registry) {
    const bool curated = !registry.empty() || container.name.starts_with("AzureML-");
    return {.name = container.name,
            .version = container.latest_version,
            .description = container.description,
            .curated = curated,
            .registry = std::move(registry)};
}

bool fits_clusters(const azure::VmSize& size) {
    const auto is_cluster = [](const std::string& type) { return same_name(type, "AmlCompute"); };
    return size.compute_types.empty() ||
           std::any_of(size.compute_types.begin(), size.compute_types.end(), is_cluster);
}

// The public registry is a convenience: where it cannot be read, the list goes without it.
asio::awaitable<std::vector<azure::AssetContainer>> registry_environments(
    azure::Client& client, azure::ResourceId workspace, std::stop_token stop) {
    try {
        const auto plane = co_await client.data_plane(std::move(workspace), stop);
        const auto registry =
            co_await azure::registries::discover(client, plane, std::string(public_registry), stop);
        auto first = co_await azure::registries::environments(client, registry, stop);
        co_return co_await azure::collect(std::move(first), stop, 500);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    co_return std::vector<azure::AssetContainer>{};
}

}  // namespace

std::string EnvironmentEntry::reference() const {
    if (!registry.empty()) {
        return version.empty()
                   ? fmt::format(
                         "azureml://registries/{}/environments/{}/labels/latest", registry, name)
                   : fmt::format("azureml://registries/{}/environments/{}/versions/{}",
                                 registry,
                                 name,
                                 version);
    }
    return version.empty() ? fmt::format("azureml:{}@latest", name)
                           : fmt::format("azureml:{}:{}", name, version);
}

Catalog::Catalog(AzureAccess& access, async::Clock& clock, async::TaskGroup& group)
    : access_(access),
      group_(group),
      subscriptions_(group, clock, 10min),
      workspaces_(group, clock, 10min),
      single_workspaces_(group, clock, 10min),
      experiments_(group, clock, 1min),
      computes_(group, clock, 1min),
      vm_sizes_(group, clock, 60min),
      usages_(group, clock, 1min),
      environments_(group, clock, 5min),
      data_(group, clock, 1min) {}

asio::awaitable<azure::Client*> Catalog::client(std::stop_token stop) {
    auto* connection = co_await access_.connect(std::move(stop));
    co_return &connection->client;
}

asio::awaitable<Catalog::List<azure::Subscription>> Catalog::subscriptions(std::stop_token stop) {
    RememberedLists<azure::Subscription>::Fetch fetch = [this](std::stop_token inner) {
        return fetch_subscriptions(std::move(inner));
    };
    return subscriptions_.get("", std::move(fetch), std::move(stop));
}

asio::awaitable<Catalog::List<azure::Workspace>> Catalog::workspaces(std::string subscription,
                                                                     std::stop_token stop) {
    RememberedLists<azure::Workspace>::Fetch fetch = [this, subscription](std::stop_token inner) {
        return fetch_workspaces(subscription, std::move(inner));
    };
    return workspaces_.get(lower(subscription), std::move(fetch), std::move(stop));
}

asio::awaitable<azure::Workspace> Catalog::workspace(azure::ResourceId id, std::stop_token stop) {
    RememberedLists<azure::Workspace>::Fetch fetch = [this, id](std::stop_token inner) {
        return fetch_workspace(id, std::move(inner));
    };
    const auto found = co_await single_workspaces_.get(id.key(), std::move(fetch), std::move(stop));
    co_return found->front();
}

asio::awaitable<Catalog::List<azure::Experiment>> Catalog::experiments(azure::ResourceId workspace,
                                                                       std::stop_token stop) {
    RememberedLists<azure::Experiment>::Fetch fetch = [this, workspace](std::stop_token inner) {
        return fetch_experiments(workspace, std::move(inner));
    };
    return experiments_.get(workspace.key(), std::move(fetch), std::move(stop));
}

asio::awaitable<Catalog::List<azure::Compute>> Catalog::computes(azure::ResourceId workspace,
                                                                 std::stop_token stop) {
    RememberedLists<azure::Compute>::Fetch fetch = [this, workspace](std::stop_token inner) {
        return fetch_computes(workspace, std::move(inner));
    };
    return computes_.get(workspace.key(), std::move(fetch), std::move(stop));
}

asio::awaitable<Catalog::List<azure::VmSize>> Catalog::vm_sizes(std::string subscription,
                                                                std::string location,
                                                                std::stop_token stop) {
    RememberedLists<azure::VmSize>::Fetch fetch =
        [this, subscription, location](std::stop_token inner) {
            return fetch_vm_sizes(subscription, location, std::move(inner));
        };
    return vm_sizes_.get(lower(subscription + "/" + location), std::move(fetch), std::move(stop));
}

asio::awaitable<Catalog::List<azure::Usage>> Catalog::usages(std::string subscription,
                                                             std::string location,
                                                             std::stop_token stop) {
    RememberedLists<azure::Usage>::Fetch fetch =
        [this, subscription, location](std::stop_token inner) {
            return fetch_usages(subscription, location, std::move(inner));
        };
    return usages_.get(lower(subscription + "/" + location), std::move(fetch), std::move(stop));
}

asio::awaitable<Catalog::List<EnvironmentEntry>> Catalog::environments(azure::ResourceId workspace,
                                                                       std::stop_token stop) {
    RememberedLists<EnvironmentEntry>::Fetch fetch = [this, workspace](std::stop_token inner) {
        return fetch_environments(workspace, std::move(inner));
    };
    return environments_.get(workspace.key(), std::move(fetch), std::move(stop));
}

asio::awaitable<Catalog::List<azure::AssetContainer>> Catalog::data(azure::ResourceId workspace,
                                                                    std::stop_token stop) {
    RememberedLists<azure::AssetContainer>::Fetch fetch = [this, workspace](std::stop_token inner) {
        return fetch_data(workspace, std::move(inner));
    };
    return data_.get(workspace.key(), std::move(fetch), std::move(stop));
}

Catalog::List<azure::Subscription> Catalog::known_subscriptions() const {
    return subscriptions_.peek("");
}

Catalog::List<azure::Workspace> Catalog::known_workspaces(const std::string& subscription) const {
    return workspaces_.peek(lower(subscription));
}

Catalog::List<azure::Experiment> Catalog::known_experiments(
    const azure::ResourceId& workspace) const {
    return experiments_.peek(workspace.key());
}

Catalog::List<azure::Compute> Catalog::known_computes(const azure::ResourceId& workspace) const {
    return computes_.peek(workspace.key());
}

Catalog::List<azure::VmSize> Catalog::known_vm_sizes(const std::string& subscription,
                                                     const std::string& location) const {
    return vm_sizes_.peek(lower(subscription + "/" + location));
}

Catalog::List<azure::Usage> Catalog::known_usages(const std::string& subscription,
                                                  const std::string& location) const {
    return usages_.peek(lower(subscription + "/" + location));
}

Catalog::List<EnvironmentEntry> Catalog::known_environments(
    const azure::ResourceId& workspace) const {
    return environments_.peek(workspace.key());
}

Catalog::List<azure::AssetContainer> Catalog::known_data(const azure::ResourceId& workspace) const {
    return data_.peek(workspace.key());
}

void Catalog::prefetch(const azure::ResourceId& workspace) {
    for (int what = 0; what < 4; ++what)
        group_.spawn(fetch_ahead(workspace, what, group_.stop_token()));
}

void Catalog::prefetch_vm_sizes(std::string subscription, std::string location) {
    group_.spawn(
        fetch_sizes_ahead(std::move(subscription), std::move(location), group_.stop_token()));
}

void Catalog::prefetch_usages(std::string subscription, std::string location) {
    group_.spawn(
        fetch_usages_ahead(std::move(subscription), std::move(location), group_.stop_token()));
}

void Catalog::forget_workspaces(const std::string& subscription) {
    workspaces_.forget(lower(subscription));
}

void Catalog::computes_changed(const azure::ResourceId& workspace) {
    computes_.forget(workspace.key());
    if (on_computes_changed_) on_computes_changed_(workspace);
}

void Catalog::clear() {
    subscriptions_.clear();
    workspaces_.clear();
    single_workspaces_.clear();
    experiments_.clear();
    computes_.clear();
    vm_sizes_.clear();
    usages_.clear();
    environments_.clear();
    data_.clear();
}

asio::awaitable<void> Catalog::fetch_ahead(azure::ResourceId workspace,
                                           int what,
                                           std::stop_token stop) {
    try {
        if (what == 0) co_await experiments(workspace, stop);
        if (what == 1) co_await computes(workspace, stop);
        if (what == 2) co_await environments(workspace, stop);
        if (what == 3) co_await this->workspace(workspace, stop);
    } catch (const Error&) {
        // Nobody waits for this one: whoever wants the list asks again and is told.
    }
}

asio::awaitable<void> Catalog::fetch_sizes_ahead(std::string subscription,
                                                 std::string location,
                                                 std::stop_token stop) {
    try {
        co_await vm_sizes(std::move(subscription), std::move(location), std::move(stop));
    } catch (const Error&) {
        // As above.
    }
}

asio::awaitable<void> Catalog::fetch_usages_ahead(std::string subscription,
                                                  std::string location,
                                                  std::stop_token stop) {
    try {
        co_await usages(std::move(subscription), std::move(location), std::move(stop));
    } catch (const Error&) {
        // As above.
    }
}

asio::awaitable<std::vector<azure::Subscription>> Catalog::fetch_subscriptions(
    std::stop_token stop) {
    auto* connection = co_await access_.connect(stop);
    auto listing = co_await list_directory(*connection, stop);
    auto all = std::move(listing.subscriptions);
    std::erase_if(all,
                  [](const azure::Subscription& subscription) { return !subscription.readable(); });
    const auto by_name = [](const azure::Subscription& left, const azure::Subscription& right) {
        return lower(left.display_name) < lower(right.display_name);
    };
    std::sort(all.begin(), all.end(), by_name);
    co_return all;
}

asio::awaitable<std::vector<azure::Workspace>> Catalog::fetch_workspaces(std::string subscription,
                                                                         std::stop_token stop) {
    auto* azure_client = co_await client(stop);
    auto first = co_await azure::workspaces::list_by_subscription(
        *azure_client, std::move(subscription), stop);
    auto all = co_await azure::collect(std::move(first), stop);
    std::erase_if(all, [](const azure::Workspace& workspace) { return !workspace.runs_jobs(); });
    sort_by_name(all);
    co_return all;
}

asio::awaitable<std::vector<azure::Workspace>> Catalog::fetch_workspace(azure::ResourceId id,
                                                                        std::stop_token stop) {
    auto* azure_client = co_await client(stop);
    auto workspace = co_await azure::workspaces::get(*azure_client, std::move(id), std::move(stop));
    std::vector<azure::Workspace> one;
    one.push_back(std::move(workspace));
    co_return one;
}

asio::awaitable<std::vector<azure::Experiment>> Catalog::fetch_experiments(
    azure::ResourceId workspace, std::stop_token stop) {
    auto* azure_client = co_await client(stop);
    const auto plane = co_await azure_client->data_plane(std::move(workspace), stop);
    auto first = co_await azure::run_history::query_experiments(*azure_client, plane, stop);
    auto all = co_await azure::collect(std::move(first), stop, most_experiments);
    const auto newer = [](const azure::Experiment& left, const azure::Experiment& right) {
        return left.created_at > right.created_at;
    };
    std::stable_sort(all.begin(), all.end(), newer);
    co_return all;
}

asio::awaitable<std::vector<azure::Compute>> Catalog::fetch_computes(azure::ResourceId workspace,
                                                                     std::stop_token stop) {
    auto* azure_client = co_await client(stop);
    auto first = co_await azure::computes::list(*azure_client, std::move(workspace), stop);
    auto all = co_await azure::collect(std::move(first), stop);
    sort_by_name(all);
    co_return all;
}

asio::awaitable<std::vector<azure::VmSize>> Catalog::fetch_vm_sizes(std::string subscription,
                                                                    std::string location,
                                                                    std::stop_token stop) {
    auto* azure_client = co_await client(stop);
    auto all = co_await azure::computes::vm_sizes(
        *azure_client, std::move(subscription), std::move(location), stop);
    std::erase_if(all, [](const azure::VmSize& size) { return !fits_clusters(size); });
    const auto smaller = [](const azure::VmSize& left, const azure::VmSize& right) {
        return std::tuple(left.gpus, left.cores, left.memory_gb, lower(left.name)) <
               std::tuple(right.gpus, right.cores, right.memory_gb, lower(right.name));
    };
    std::sort(all.begin(), all.end(), smaller);
    co_return all;
}

asio::awaitable<std::vector<azure::Usage>> Catalog::fetch_usages(std::string subscription,
                                                                 std::string location,
                                                                 std::stop_token stop) {
    auto* azure_client = co_await client(stop);
    std::vector<azure::Usage> all;
    try {
        auto first = co_await azure::computes::usages(
            *azure_client, std::move(subscription), std::move(location), stop);
        auto found = co_await azure::collect(std::move(first), stop);
        all = std::move(found);
    } catch (const Error& error) {
        // Whoever may create a cluster need not be allowed to see the quotas.
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    co_return all;
}

asio::awaitable<std::vector<EnvironmentEntry>> Catalog::fetch_environments(
    azure::ResourceId workspace, std::stop_token stop) {
    auto* azure_client = co_await client(stop);
    auto first = co_await azure::environments::list(*azure_client, workspace, stop);
    const auto own = co_await azure::collect(std::move(first), stop);
    const auto shared = co_await registry_environments(*azure_client, workspace, stop);
    std::vector<EnvironmentEntry> entries;
    for (const auto& container : own) {
        if (container.name != "CliV2AnonymousEnvironment")
            entries.push_back(entry_of(container, {}));
    }
    for (const auto& container : shared)
        entries.push_back(entry_of(container, std::string(public_registry)));
    sort_by_name(entries);
    co_return entries;
}

asio::awaitable<std::vector<azure::AssetContainer>> Catalog::fetch_data(azure::ResourceId workspace,
                                                                        std::stop_token stop) {
    auto* azure_client = co_await client(stop);
    auto first = co_await azure::data::list(*azure_client, std::move(workspace), stop);
    auto all = co_await azure::collect(std::move(first), std::move(stop));
    sort_by_name(all);
    co_return all;
}

}  // namespace aml::workspace
