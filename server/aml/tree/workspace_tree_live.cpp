// The part of WorkspaceTree that keeps runs alive and rows on disk.

#include "azure/jobs.hpp"
#include "support/error.hpp"
#include "tree/workspace_tree.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <ranges>
#include <utility>

namespace aml::tree {
namespace {

using namespace std::chrono_literals;

constexpr auto save_delay = 2s;
constexpr std::size_t most_kept_branches = 200;

/// Lists in which new runs are looked for, and how long it is between two looks: the longer, the
/// longer there was nothing new.
constexpr std::size_t most_opened_lists = 3;
constexpr std::chrono::minutes shortest_news_wait{1};
constexpr std::chrono::minutes longest_news_wait{5};

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
        if (known->metrics.empty()) known->metrics = listed.metrics;
        return row_of(*known);
    }
    if (!listed.is_final()) {
        watcher_.watch(listed);
        if (!known) just_listed_.insert(listed.job);
    } else if (known) {
        watcher_.ask_soon(listed.job);
    }
    return row_of(listed);
}

TreeNode WorkspaceTree::row_of(const runs::RunSnapshot& run) const {
    if (!run.parent.empty()) {
        const auto sweep = sweep_of(run_row(run.job.workspace().child("jobs", run.parent)));
        if (sweep) return rows::trial(run, *sweep, clock_.now());
    }
    return rows::run(run, clock_.now());
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
    auto row = row_of(run);
    const auto list = row.parent;
    auto* branch = known_branch(list);
    if (branch == nullptr) return;
    const bool is_sorted = is_sorted_here(list);
    if (run.is_final() && sweep_of(list)) expect_trials(list);
    const auto before = run.sweep ? find(row.id) : std::nullopt;
    const auto* known = branch->rows.find(row.id);
    if (known == nullptr) {
        const auto address = parse_address(list);
        if (address && !runs::matches(selection_of(*address).filter, run)) return;
        put_first(list, *branch, std::move(row), change);
    } else {
        if (row.portal_url.empty()) row.portal_url = known->portal_url;
        if (*known == row) return;
        const bool moves = is_sorted && known->run != row.run;
        change.ids.push_back(moves ? list : row.id);
        if (!moves) change.rows.push_back(row);
        branch->rows.replace(std::move(row));
    }
    if (is_sorted) std::erase_if(change.lists, [&](const auto& one) { return one.id == list; });
    save_soon(list);
    if (run.sweep) update_trials(run, before, change);
}

// What is best has an effect on the rows of all trials.
void WorkspaceTree::update_trials(const runs::RunSnapshot& sweep,
                                  const std::optional<TreeNode>& before,
                                  TreeChange& change) {
    const auto id = run_row(sweep.job);
    auto* branch = known_branch(id);
    if (branch == nullptr) return;
    if (sweep.is_final()) {
        if (before && before->kind == row_kind::active_run)
            tasks_.spawn(correct(slot(id), id, tasks_.stop_token()));
        return;
    }
    expect_trials(id);
    if (before && before->sweep == sweep.sweep) return;
    std::vector<TreeNode> changed;
    for (const auto& row : branch->rows) {
        const auto job = azure::ResourceId::parse(row.resource_id);
        const auto known = job && row.run ? watcher_.find(*job) : std::nullopt;
        if (!known || (known->metrics.empty() && row.run->metric)) continue;
        auto now = row_of(*known);
        if (now.portal_url.empty()) now.portal_url = row.portal_url;
        if (now != row) changed.push_back(std::move(now));
    }
    for (auto& row : changed) branch->rows.replace(std::move(row));
    const auto is_outdated = [&](const TreeNode& row) {
        const auto job = azure::ResourceId::parse(row.resource_id);
        return row.run && row.run->best && job && job->name() != sweep.sweep->best_trial;
    };
    // It was over before it was listed, so that nothing more is known of it.
    if (std::ranges::any_of(branch->rows, is_outdated))
        tasks_.spawn(correct(slot(id), id, tasks_.stop_token()));
    change.ids.push_back(id);
    save_soon(id);
}

void WorkspaceTree::expect_trials(const std::string& id) {
    if (expected_.insert(id).second) tasks_.spawn(look_for_trials(id, tasks_.stop_token()));
}

asio::awaitable<void> WorkspaceTree::look_for_trials(std::string id, std::stop_token stop) {
    // Azure takes a moment to begin the next, and many may end at once.
    co_await clock_.sleep_for(3s, stop);
    expected_.erase(id);
    if (signed_out_ || watcher_.paused()) co_return;
    co_await add_new_runs(id, stop);
}

Branch* WorkspaceTree::known_branch(const std::string& id) {
    const auto found = slots_.find(id);
    if (found == slots_.end() || found->second->branch.state == Branch::State::Unknown)
        return nullptr;
    return &found->second->branch;
}

void WorkspaceTree::note_opened(const std::string& id) {
    std::erase(opened_, id);
    opened_.push_front(id);
    if (opened_.size() > most_opened_lists) opened_.pop_back();
    news_wait_ = shortest_news_wait;
    news_due_ = clock_.now() + news_wait_;
    if (!std::exchange(watching_opened_, true)) tasks_.spawn(watch_opened(tasks_.stop_token()));
}

asio::awaitable<void> WorkspaceTree::watch_opened(std::stop_token stop) {
    for (;;) {
        co_await clock_.sleep_for(shortest_news_wait, stop);
        if (signed_out_ || watcher_.paused() || clock_.now() < news_due_) continue;
        bool is_news = false;
        for (const auto& id : std::deque(opened_)) {
            const bool found = co_await add_new_runs(id, stop);
            is_news = is_news || found;
        }
        news_wait_ = is_news ? shortest_news_wait : std::min(2 * news_wait_, longest_news_wait);
        news_due_ = clock_.now() + news_wait_;
    }
}

asio::awaitable<bool> WorkspaceTree::add_new_runs(std::string id, std::stop_token stop) {
    const auto generation = generation_;
    const auto selection = selection_;
    const auto address = parse_address(id);
    const auto* branch = known_branch(id);
    if (!address || branch == nullptr || branch->state != Branch::State::Fresh) co_return false;
    // A run that is over gets no more parts.
    const auto parent = find(id);
    if (parent && parent->run && (parent->kind == row_kind::final_run || !parent->has_parts))
        co_return false;
    auto newest = selection_of(*address);
    newest.arrangement.order = RunOrder::Newest;
    auto proper_address = *address;
    proper_address.workspace = proper(address->workspace);
    TreePage page;
    try {
        auto listing = lister_.under(
            std::move(proper_address), experiment_of(id), std::move(newest), std::move(stop));
        page = co_await std::move(listing);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        log_.info("new runs could not be looked for: {}", error.message());
    }
    auto* shown = known_branch(id);
    if (generation != generation_ || !(selection == selection_) || shown == nullptr)
        co_return false;
    TreeChange change;
    for (const auto& run : std::views::reverse(page.runs)) {
        if (shown->rows.find(run_row(run.job)) != nullptr) continue;
        put_first(id, *shown, live(run), change);
    }
    if (change.ids.empty()) co_return false;
    if (is_sorted_here(id)) change.lists.clear();
    save_soon(id);
    tell(change);
    co_return true;
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
        // Runs are kept as they stand when nothing was chosen.
        const auto address = parse_address(key.substr(prefix.size()));
        const bool has_runs = address && address->kind == row_kind::experiment;
        if (has_runs && !(selection_ == RunSelection{})) continue;
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
    if (address && address->kind == row_kind::experiment && !(selection_ == RunSelection{})) return;
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
