#pragma once

#include "async/single_flight.hpp"
#include "async/task_group.hpp"
#include "azure/assets.hpp"
#include "azure/client.hpp"
#include "azure/computes.hpp"
#include "azure/run_history.hpp"
#include "azure/subscriptions.hpp"
#include "azure/workspaces.hpp"
#include "workspace/azure_access.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::workspace {

/// Lists by key, each fetched once however many ask, and kept for `lifetime`. A failure is not
/// kept.
template <typename T>
class RememberedLists final {
public:
    using List = std::shared_ptr<const std::vector<T>>;
    using Fetch = std::function<asio::awaitable<std::vector<T>>(std::stop_token)>;

    RememberedLists(async::TaskGroup& group, async::Clock& clock, std::chrono::seconds lifetime)
        : group_(group),
          clock_(clock),
          lifetime_(lifetime) {}

    /// What is known and young enough; null otherwise.
    List peek(const std::string& key) const {
        const auto found = entries_.find(key);
        if (found == entries_.end() || !found->second->list) return nullptr;
        return clock_.now() - found->second->fetched_at < lifetime_ ? found->second->list : nullptr;
    }

    asio::awaitable<List> get(std::string key, Fetch fetch, std::stop_token stop) {
        if (auto known = peek(key)) co_return known;
        auto& slot = entries_[key];
        if (!slot) slot = std::make_shared<Entry>(group_);
        const auto entry = slot;
        typename async::SingleFlight<List>::Start start =
            [entry, fetch = std::move(fetch), &clock = clock_](std::stop_token inner) {
                return load(entry, fetch, clock, std::move(inner));
            };
        co_return co_await entry->flight.run(std::move(start), std::move(stop));
    }

    void forget(const std::string& key) { entries_.erase(key); }

    void clear() { entries_.clear(); }

private:
    // Shared with a fetch in flight.
    struct Entry {
        explicit Entry(async::TaskGroup& group)
            : flight(group) {}

        async::SingleFlight<List> flight;
        List list;
        async::Clock::TimePoint fetched_at;
    };

    static asio::awaitable<List> load(std::shared_ptr<Entry> entry,
                                      Fetch fetch,
                                      async::Clock& clock,
                                      std::stop_token stop) {
        auto items = co_await fetch(std::move(stop));
        entry->list = std::make_shared<const std::vector<T>>(std::move(items));
        entry->fetched_at = clock.now();
        co_return entry->list;
    }

    async::TaskGroup& group_;
    async::Clock& clock_;
    std::chrono::seconds lifetime_;
    std::map<std::string, std::shared_ptr<Entry>> entries_;
};

/// An environment that a job can refer to.
struct EnvironmentEntry {
    std::string name{};
    /// Empty when Azure did not say; the reference then names the newest by label.
    std::string version{};
    std::string description{};
    /// Made by Azure ML rather than by someone in the workspace.
    bool curated = false;
    /// Empty for an environment of the workspace itself.
    std::string registry{};

    /// As a run configuration names it: `azureml:name:version` or `azureml://registries/…`.
    std::string reference() const;
};

/// What the workspaces of the signed-in user hold, as lists to choose from: asked for when needed,
/// shared by the wizard, completion and checks, and kept for minutes. Keeps references to what it
/// is constructed with. The lists throw what the azure operation throws; Cancelled when `stop`
/// fires first (the fetch goes on).
class Catalog final {
public:
    template <typename T>
    using List = typename RememberedLists<T>::List;

    Catalog(AzureAccess& access, async::Clock& clock, async::TaskGroup& group);

    /// The readable ones, by name.
    asio::awaitable<List<azure::Subscription>> subscriptions(std::stop_token stop);
    /// Those that can run jobs, by name.
    asio::awaitable<List<azure::Workspace>> workspaces(std::string subscription,
                                                       std::stop_token stop);
    /// One workspace with its location. Throws: NotFound, Forbidden.
    asio::awaitable<azure::Workspace> workspace(azure::ResourceId id, std::stop_token stop);
    /// Newest first, at most a thousand.
    asio::awaitable<List<azure::Experiment>> experiments(azure::ResourceId workspace,
                                                         std::stop_token stop);
    /// All computes, by name.
    asio::awaitable<List<azure::Compute>> computes(azure::ResourceId workspace,
                                                   std::stop_token stop);
    /// The machine sizes a region offers for clusters, smallest first.
    asio::awaitable<List<azure::VmSize>> vm_sizes(std::string subscription,
                                                  std::string location,
                                                  std::stop_token stop);
    /// How much of the quotas of a region is used; empty where that cannot be read.
    asio::awaitable<List<azure::Usage>> usages(std::string subscription,
                                               std::string location,
                                               std::stop_token stop);
    /// Those of the workspace and, where it can be read, of Azure ML's public registry; by name.
    asio::awaitable<List<EnvironmentEntry>> environments(azure::ResourceId workspace,
                                                         std::stop_token stop);

    /// The data assets, by name.
    asio::awaitable<List<azure::AssetContainer>> data(azure::ResourceId workspace,
                                                      std::stop_token stop);

    /// What is known at once; null when it would have to be asked for.
    List<azure::Subscription> known_subscriptions() const;
    List<azure::Workspace> known_workspaces(const std::string& subscription) const;
    List<azure::Experiment> known_experiments(const azure::ResourceId& workspace) const;
    List<azure::Compute> known_computes(const azure::ResourceId& workspace) const;
    List<azure::VmSize> known_vm_sizes(const std::string& subscription,
                                       const std::string& location) const;
    List<azure::Usage> known_usages(const std::string& subscription,
                                    const std::string& location) const;
    List<EnvironmentEntry> known_environments(const azure::ResourceId& workspace) const;
    List<azure::AssetContainer> known_data(const azure::ResourceId& workspace) const;

    /// Starts asking for what will be wanted in a workspace. Failures show when the list is really
    /// wanted.
    void prefetch(const azure::ResourceId& workspace);
    void prefetch_vm_sizes(std::string subscription, std::string location);
    void prefetch_usages(std::string subscription, std::string location);

    /// The next call asks Azure again.
    void forget_subscriptions() { subscriptions_.clear(); }

    void forget_workspaces(const std::string& subscription);

    void forget_workspace(const azure::ResourceId& id) { single_workspaces_.forget(id.key()); }

    void forget_data(const azure::ResourceId& workspace) { data_.forget(workspace.key()); }

    /// A compute of the workspace was created here: forgets the list and tells the listener.
    void computes_changed(const azure::ResourceId& workspace);

    /// `listener` is called on the loop with the workspace.
    void on_computes_changed(std::function<void(const azure::ResourceId&)> listener) {
        on_computes_changed_ = std::move(listener);
    }

    /// Everything, e.g. after a sign-out.
    void clear();

    /// The client of the cloud in use. Throws: as `AzureAccess::connect`.
    asio::awaitable<azure::Client*> client(std::stop_token stop);

private:
    asio::awaitable<std::vector<azure::Subscription>> fetch_subscriptions(std::stop_token stop);
    asio::awaitable<std::vector<azure::Workspace>> fetch_workspaces(std::string subscription,
                                                                    std::stop_token stop);
    asio::awaitable<std::vector<azure::Workspace>> fetch_workspace(azure::ResourceId id,
                                                                   std::stop_token stop);
    asio::awaitable<std::vector<azure::Experiment>> fetch_experiments(azure::ResourceId workspace,
                                                                      std::stop_token stop);
    asio::awaitable<std::vector<azure::Compute>> fetch_computes(azure::ResourceId workspace,
                                                                std::stop_token stop);
    asio::awaitable<std::vector<azure::VmSize>> fetch_vm_sizes(std::string subscription,
                                                               std::string location,
                                                               std::stop_token stop);
    asio::awaitable<std::vector<azure::Usage>> fetch_usages(std::string subscription,
                                                            std::string location,
                                                            std::stop_token stop);
    asio::awaitable<std::vector<EnvironmentEntry>> fetch_environments(azure::ResourceId workspace,
                                                                      std::stop_token stop);
    asio::awaitable<std::vector<azure::AssetContainer>> fetch_data(azure::ResourceId workspace,
                                                                   std::stop_token stop);
    asio::awaitable<void> fetch_ahead(azure::ResourceId workspace, int what, std::stop_token stop);
    asio::awaitable<void> fetch_sizes_ahead(std::string subscription,
                                            std::string location,
                                            std::stop_token stop);
    asio::awaitable<void> fetch_usages_ahead(std::string subscription,
                                             std::string location,
                                             std::stop_token stop);

    AzureAccess& access_;
    async::TaskGroup& group_;
    std::function<void(const azure::ResourceId&)> on_computes_changed_;
    RememberedLists<azure::Subscription> subscriptions_;
    RememberedLists<azure::Workspace> workspaces_;
    RememberedLists<azure::Workspace> single_workspaces_;
    RememberedLists<azure::Experiment> experiments_;
    RememberedLists<azure::Compute> computes_;
    RememberedLists<azure::VmSize> vm_sizes_;
    RememberedLists<azure::Usage> usages_;
    RememberedLists<EnvironmentEntry> environments_;
    RememberedLists<azure::AssetContainer> data_;
};

}  // namespace aml::workspace
