// The part of WorkspaceTree that keeps runs alive and rows on disk.

#include "azure/jobs.hpp"
#include "support/error.hpp"
#include "tree/workspace_tree.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace aml::tree {
namespace {

using namespace std::chrono_literals;

constexpr auto save_delay = 2s;
constexpr std::size_t most_kept_branches = 200;

std::string key_prefix(const workspace::AzureAccess& access) {
    return access.settings().arm_endpoint + " ";
}

std::int64_t listed_at(const nlohmann::json& entry) {
    return entry.is_object() ? entry.value("listedAt", std::int64_t{0}) : 0;
}

// Keeps the branches that were looked at last.
void prune(state::Entries& entries) {
    while (entries.size() > most_kept_branches) {
        const auto older = [](const auto& left, const auto& right) {
            return listed_at(left.second) < listed_at(right.second);
        };
        entries.erase(std::min_element(entries.begin(), entries.end(), older));
    }
}

TreeNode experiment_stub(const runs::RunSnapshot& run) {
    azure::Experiment experiment;
    experiment.name = run.experiment;
    return rows::experiment(run.job.workspace(), experiment, {});
}

void put_first(const std::string& id, Branch& branch, TreeNode row, TreeChange& change) {
    change.ids.push_back(id);
    // Without rows the list shows one that says so, which goes.
    if (!branch.rows.empty()) {
        ListChange growth{.id = id, .before = branch.rows.begin()->id};
        growth.added.push_back(row);
        change.lists.push_back(std::move(growth));
    }
    branch.rows.prepend(std::move(row));
}

}  // namespace

// The rows of a new page: runs that are going on are followed from now on.
std::vector<TreeNode> WorkspaceTree::adopt(TreePage page) {
    auto rows = std::move(page.nodes);
    rows.reserve(rows.size() + page.runs.size());
    for (const auto& run : page.runs) rows.push_back(live(run));
    return rows;
}

TreeNode WorkspaceTree::live(const runs::RunSnapshot& listed) {
    auto known = watcher_.find(listed.job);
    if (known && known->is_final()) {
        if (known->studio_url.empty()) known->studio_url = listed.studio_url;
        return rows::run(*known, clock_.now());
    }
    if (!listed.is_final()) {
        watcher_.watch(listed);
        if (!known) just_listed_.insert(listed.job);
    } else if (known) {
        watcher_.ask_soon(listed.job);
    }
    return rows::run(listed, clock_.now());
}

void WorkspaceTree::follow(const std::vector<runs::RunSnapshot>& runs) {
    TreeChange change;
    for (const auto& run : runs) {
        // Nothing has happened to it since its row was made.
        const bool is_shown = just_listed_.erase(run.job) > 0 && run.revision == 1;
        if (!is_shown) apply(run, change);
    }
    if (!change.ids.empty()) tell(change);
}

// Puts what is known of a run into the lists that it stands in.
void WorkspaceTree::apply(const runs::RunSnapshot& run, TreeChange& change) {
    const auto workspace = run.job.workspace();
    const auto folder = folder_row(workspace, row_kind::experiments);
    const auto experiment = experiment_row(workspace, run.experiment);
    auto* experiments = known_branch(folder);
    if (experiments != nullptr && experiments->rows.find(experiment) == nullptr)
        put_first(folder, *experiments, experiment_stub(run), change);
    auto* branch = known_branch(experiment);
    if (branch == nullptr) return;
    auto row = rows::run(run, clock_.now());
    const auto* known = branch->rows.find(row.id);
    if (known == nullptr) {
        if (!runs::matches(filter_, run)) return;
        put_first(experiment, *branch, std::move(row), change);
    } else {
        if (row.portal_url.empty()) row.portal_url = known->portal_url;
        if (*known == row) return;
        change.ids.push_back(row.id);
        change.rows.push_back(row);
        branch->rows.replace(std::move(row));
    }
    save_soon(experiment);
}

Branch* WorkspaceTree::known_branch(const std::string& id) {
    const auto found = slots_.find(id);
    if (found == slots_.end() || found->second->branch.state == Branch::State::Unknown)
        return nullptr;
    return &found->second->branch;
}

asio::awaitable<void> WorkspaceTree::load_cache(std::stop_token stop) {
    if (cache_read_) co_return;
    Flight::Start start = [this](std::stop_token) { return read_cache(); };
    co_await cache_flight_.run(std::move(start), std::move(stop));
}

asio::awaitable<bool> WorkspaceTree::read_cache() {
    const auto generation = generation_;
    state::Entries entries;
    try {
        auto loaded = co_await state_.load(workspace::StateFile::TreeCache);
        entries = std::move(loaded);
    } catch (const Error& error) {
        log_.info("the tree of the last session cannot be read: {}", error.message());
    }
    cache_read_ = true;
    if (generation != generation_) co_return false;
    const auto prefix = key_prefix(access_);
    for (const auto& [key, json] : entries) {
        if (!key.starts_with(prefix)) continue;
        auto branch = branch_from_json(json);
        const auto known = slot(key.substr(prefix.size()));
        if (branch && known->branch.state == Branch::State::Unknown)
            known->branch = std::move(*branch);
    }
    // Submitted in this session, before anybody looked at the tree.
    TreeChange unseen;
    for (const auto& run : watcher_.runs()) {
        if (!run.is_final()) apply(run, unseen);
    }
    co_return true;
}

void WorkspaceTree::save_soon(const std::string& id) {
    // What a filter lets through is not what the next session wants to see first.
    const auto address = parse_address(id);
    if (address && address->kind == row_kind::experiment && !filter_.empty()) return;
    unsaved_.insert(id);
    if (saving_) return;
    saving_ = true;
    tasks_.spawn(save_later(tasks_.stop_token()));
}

asio::awaitable<void> WorkspaceTree::save_later(std::stop_token stop) {
    co_await clock_.sleep_for(save_delay, std::move(stop));
    saving_ = false;
    co_await save();
}

asio::awaitable<void> WorkspaceTree::save() {
    if (unsaved_.empty()) co_return;
    state::Entries fresh;
    for (const auto& id : unsaved_) {
        const auto found = slots_.find(id);
        if (found != slots_.end()) fresh[key_prefix(access_) + id] = to_json(found->second->branch);
    }
    unsaved_.clear();
    std::function<void(state::Entries&)> change = [fresh =
                                                       std::move(fresh)](state::Entries& entries) {
        for (const auto& [key, json] : fresh) entries[key] = json;
        prune(entries);
    };
    co_await state_.remember(workspace::StateFile::TreeCache, std::move(change));
}

}  // namespace aml::tree
