#include "tree/workspace_tree.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "tree/shown_subscriptions.hpp"
#include "tree/tree_kinds.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace aml::tree {
namespace {

using namespace std::chrono_literals;

// Rows older than this are shown at once and asked for again.
constexpr auto trusted_for = 2min;

}  // namespace

WorkspaceTree::WorkspaceTree(asio::any_io_executor loop,
                             workspace::AzureAccess& access,
                             runs::RunWatcher& watcher,
                             workspace::SavedState& state,
                             async::Clock& clock,
                             Log log)
    : access_(access),
      watcher_(watcher),
      state_(state),
      clock_(clock),
      log_(std::move(log)),
      lister_(access),
      tasks_(loop,
             [this](std::exception_ptr error) { log_.error("tree: {}", aml::describe(error)); }),
      cache_flight_(tasks_) {
    subscription_ =
        watcher_.subscribe([this](const std::vector<runs::RunSnapshot>& runs) { follow(runs); });
}

WorkspaceTree::~WorkspaceTree() {
    watcher_.unsubscribe(subscription_);
}

asio::awaitable<std::vector<TreeNode>> WorkspaceTree::children(std::string id,
                                                               std::stop_token stop) {
    const auto address = parse_address(id);
    if (address && address->kind == row_kind::workspace)
        co_return rows::folders(address->workspace);
    if (!id.empty() && (!address || kind_of(address->kind).list == nullptr))
        throw Error(ErrorKind::NotFound, localize("There is nothing under this row."));
    co_await load_cache(stop);
    const auto wanted = slot(id);
    wanted->wanted = true;
    const auto state = wanted->branch.state;
    if (state == Branch::State::Unknown || state == Branch::State::Stale) {
        co_await fetch(wanted, id, stop);
    } else if (state == Branch::State::Cached ||
               clock_.now() - wanted->branch.listed_at > trusted_for) {
        tasks_.spawn(correct(wanted, id, tasks_.stop_token()));
    }
    if (address && (address->kind == row_kind::experiment || address->kind == row_kind::active_run))
        note_opened(id);
    // Whoever signed out meanwhile sees nothing of what was there.
    if (slot(id) != wanted) {
        auto again = children(std::move(id), std::move(stop));
        co_return co_await std::move(again);
    }
    co_return shown_under(id, wanted->branch);
}

asio::awaitable<void> WorkspaceTree::load_more(std::string id, std::stop_token stop) {
    const auto found = slots_.find(id);
    if (found == slots_.end()) co_return;
    const auto wanted = found->second;
    auto& branch = wanted->branch;
    if (!branch.has_more() || branch.loading_more) co_return;
    const auto generation = generation_;
    const auto selection = selection_;
    bool only_grows = branch.next && branch.problem.empty() && !is_sorted_here(id);
    branch.loading_more = true;
    const auto more = more_row(id, branch);
    tell({.ids = {more.id}, .rows = {more}});
    std::string problem;
    TreePage page;
    TreePage::Fetch next;
    try {
        // How the rows of the last session go on is known once they are listed again.
        if (!branch.next) co_await fetch(wanted, id, stop);
        next = branch.next;
        if (next) {
            auto listing = next(stop);
            page = co_await std::move(listing);
        }
    } catch (const Error& error) {
        problem = error.message();
        page.next = next;
    }
    // The list that the page belongs to is gone.
    if (generation != generation_ || !(selection == selection_)) co_return;
    branch.loading_more = false;
    if (next) {
        branch.problem = stop.stop_requested() ? std::string() : problem;
        branch.next = page.next;
    }
    only_grows = only_grows && problem.empty();
    ListChange growth{.id = id, .removed = {more.id}};
    for (auto& row : adopt(std::move(page))) {
        // The list may have grown at its top since the page before.
        if (branch.rows.append(row)) growth.added.push_back(std::move(row));
    }
    if (!only_grows) {
        changed({id});
        co_return;
    }
    if (branch.has_more()) growth.added.push_back(more_row(id, branch));
    TreeChange change{.ids = {id}};
    change.lists.push_back(std::move(growth));
    tell(change);
}

void WorkspaceTree::refresh_top() {
    auto& top = slot({})->branch;
    if (top.state == Branch::State::Fresh) top.state = Branch::State::Stale;
    top.problem.clear();
    changed({});
}

void WorkspaceTree::refresh(const std::string& id) {
    if (parse_tenant_row(id)) return refresh_top();
    std::vector<std::string> shown;
    for (auto& [branch_id, known] : slots_) {
        if (!stands_under(branch_id, id)) continue;
        known->branch.problem.clear();
        if (known->branch.state != Branch::State::Fresh) continue;
        known->branch.state = Branch::State::Stale;
        if (std::exchange(known->wanted, false)) shown.push_back(branch_id);
    }
    // VS Code asks for one list after the other, and would wait for Azure as often.
    tasks_.spawn(fetch_all(std::move(shown), tasks_.stop_token()));
    changed(id.empty() ? std::vector<std::string>() : std::vector<std::string>{id});
}

void WorkspaceTree::select(RunSelection selection) {
    if (selection == selection_) return;
    selection_ = std::move(selection);
    std::vector<std::string> ids;
    for (auto& [id, known] : slots_) {
        const auto address = parse_address(id);
        if (!address || address->kind != row_kind::experiment) continue;
        // What was listed in another way is of no use.
        known->branch = Branch();
        known->flight.forget();
        ids.push_back(id);
    }
    if (!ids.empty()) changed(std::move(ids));
}

std::optional<TreeNode> WorkspaceTree::find(const std::string& id) const {
    const TreeNode* row = nullptr;
    if (const auto list = list_of(id)) {
        row = row_in(*list, id);
    } else if (const auto address = parse_address(id)) {
        // A run, and its id does not say of which experiment or of which other run it is a part.
        const auto workspace = workspace_row(address->workspace);
        for (auto slot = slots_.lower_bound(workspace);
             row == nullptr && slot != slots_.end() && slot->first.starts_with(workspace);
             ++slot) {
            row = slot->second->branch.rows.find(id);
        }
    }
    return row == nullptr ? std::nullopt : std::optional<TreeNode>(*row);
}

std::string WorkspaceTree::experiment_of(const std::string& id) const {
    for (auto above = std::optional(id); above && !above->empty();) {
        const auto address = parse_address(*above);
        if (!address || address->kind == row_kind::experiment) return address ? address->name : "";
        if (address->kind != row_kind::active_run) break;
        const auto row = find(*above);
        above = row ? std::optional(row->parent) : std::nullopt;
    }
    return {};
}

bool WorkspaceTree::stands_under(const std::string& id, const std::string& root) const {
    if (is_under(id, root)) return true;
    const auto address = parse_address(id);
    if (!address || address->kind != row_kind::active_run) return false;
    const auto row = find(id);
    return row && stands_under(row->parent, root);
}

RunSelection WorkspaceTree::selection_of(const TreeAddress& address) const {
    RunSelection selection;
    if (address.kind == row_kind::active_run) {
        const auto sweep = sweep_of(run_row(address.workspace.child("jobs", address.name)));
        if (sweep) {
            selection.arrangement.order =
                sweep->minimizes ? RunOrder::LowestMetric : RunOrder::HighestMetric;
        }
    }
    if (address.kind != row_kind::experiment) return selection;
    selection = selection_;
    const auto* connection = access_.connection();
    if (selection.arrangement.only_mine && connection != nullptr) {
        const auto& account = connection->session.account();
        if (account) selection.filter.owner = account->object_id;
    }
    return selection;
}

std::optional<azure::SweepState> WorkspaceTree::sweep_of(const std::string& id) const {
    const auto row = find(id);
    return row ? row->sweep : std::nullopt;
}

std::vector<TreeNode> WorkspaceTree::shown_under(const std::string& id,
                                                 const Branch& branch) const {
    const auto address = parse_address(id);
    const bool has_parts = address && address->kind == row_kind::active_run;
    return view(id, branch, has_parts ? selection_of(*address) : selection_, clock_.now());
}

bool WorkspaceTree::is_sorted_here(const std::string& id) const {
    const auto address = parse_address(id);
    return address && selection_of(*address).arrangement.order != RunOrder::Newest;
}

const TreeNode* WorkspaceTree::row_in(const std::string& list, const std::string& id) const {
    const auto found = slots_.find(list);
    return found == slots_.end() ? nullptr : found->second->branch.rows.find(id);
}

asio::awaitable<ResourceDetails> WorkspaceTree::details(std::string id, std::stop_token stop) {
    auto address = parse_address(id);
    if (!address)
        throw Error(ErrorKind::NotFound, localize("There are no details to show for this row."));
    address->workspace = proper(address->workspace);
    auto* connection = co_await access_.connect(stop);
    co_return co_await read_details(connection->client, *address, stop);
}

asio::awaitable<std::string> WorkspaceTree::portal_url(std::string id, std::stop_token stop) {
    const auto row = find(id);
    if (row && !row->portal_url.empty()) co_return row->portal_url;
    auto address = parse_address(id);
    if (!address || address->workspace.empty())
        throw Error(ErrorKind::NotFound, localize("This row has no page in Azure ML studio."));
    address->workspace = proper(address->workspace);
    co_return co_await lister_.page_of(std::move(*address), std::move(stop));
}

void WorkspaceTree::sign_out() {
    ++generation_;
    signed_out_ = true;
    cache_read_ = true;
    slots_.clear();
    opened_.clear();
    unsaved_.clear();
    const std::string prefix = access_.settings().arm_endpoint + " ";
    std::function<void(state::Entries&)> change = [prefix](state::Entries& entries) {
        std::erase_if(entries, [&](const auto& entry) { return entry.first.starts_with(prefix); });
    };
    tasks_.spawn(state_.remember(workspace::StateFile::TreeCache, std::move(change)));
    changed({});
}

void WorkspaceTree::resume() {
    signed_out_ = false;
    refresh({});
}

asio::awaitable<void> WorkspaceTree::shut_down() {
    tasks_.request_stop();
    co_await tasks_.join();
    co_await save();
}

std::shared_ptr<WorkspaceTree::Slot> WorkspaceTree::slot(const std::string& id) {
    auto& known = slots_[id];
    if (!known) known = std::make_shared<Slot>(tasks_);
    return known;
}

asio::awaitable<void> WorkspaceTree::fetch(std::shared_ptr<Slot> slot,
                                           std::string id,
                                           std::stop_token stop) {
    Flight::Start start = [this, slot, id](std::stop_token inner) {
        return list(slot, id, std::move(inner));
    };
    co_await slot->flight.run(std::move(start), std::move(stop));
}

asio::awaitable<void> WorkspaceTree::fetch_all(std::vector<std::string> ids, std::stop_token stop) {
    constexpr std::size_t at_once = 8;
    std::function<asio::awaitable<void>(std::size_t, std::stop_token)> step =
        [this, &ids](std::size_t i, std::stop_token inner) {
            return fetch(slot(ids[i]), ids[i], std::move(inner));
        };
    co_await async::for_each_parallel(ids.size(), at_once, std::move(step), std::move(stop));
}

// True when the rows are others than before.
asio::awaitable<bool> WorkspaceTree::list(std::shared_ptr<Slot> slot,
                                          std::string id,
                                          std::stop_token stop) {
    const auto generation = generation_;
    const auto selection = selection_;
    const auto before = shown_under(id, slot->branch);
    TreePage page;
    std::optional<Error> failure;
    try {
        auto pages = co_await first_pages(id, slot->branch.rows.size(), stop);
        page = std::move(pages);
    } catch (const Error& error) {
        if (stop.stop_requested()) throw;
        failure = error;
    }
    if (generation != generation_ || !(selection == selection_)) co_return false;
    auto& branch = slot->branch;
    if (failure) {
        branch.problem = failure->message();
        // Also when the user dismissed the sign-in, and when the network fails before a first
        // sign-in: signing in then says what is wrong with it.
        branch.signed_out = failure->kind() == ErrorKind::NotSignedIn ||
                            failure->kind() == ErrorKind::Cancelled ||
                            (id.empty() && branch.rows.empty() && access_.awaits_sign_in());
        if (branch.state == Branch::State::Stale) branch.state = Branch::State::Cached;
    } else {
        branch.next = std::move(page.next);
        branch.had_more = false;
        branch.rows = RowList();
        for (auto& row : adopt(std::move(page))) branch.rows.append(std::move(row));
        branch.listed_at = clock_.now();
        branch.state = Branch::State::Fresh;
        branch.problem.clear();
        branch.signed_out = false;
        add_unlisted(id);
        save_soon(id);
    }
    co_return shown_under(id, branch) != before;
}

// Azure lists a run a moment after it has taken it.
void WorkspaceTree::add_unlisted(const std::string& id) {
    TreeChange unlisted;
    for (const auto& run : watcher_.runs()) {
        const auto workspace = run.job.workspace();
        const bool belongs = id == experiment_row(workspace, run.experiment) ||
                             id == folder_row(workspace, row_kind::experiments);
        if (belongs && !run.is_final()) apply(run, unlisted);
    }
}

asio::awaitable<void> WorkspaceTree::correct(std::shared_ptr<Slot> slot,
                                             std::string id,
                                             std::stop_token stop) {
    Flight::Start start = [this, slot, id](std::stop_token inner) {
        return list(slot, id, std::move(inner));
    };
    const bool is_different = co_await slot->flight.run(std::move(start), std::move(stop));
    if (is_different) changed({id});
}

// As many pages as it takes to show no fewer rows than before.
asio::awaitable<TreePage> WorkspaceTree::first_pages(std::string id,
                                                     std::size_t enough,
                                                     std::stop_token stop) {
    constexpr int most_pages = 10;
    if (signed_out_)
        throw Error(ErrorKind::NotSignedIn, localize("Sign in to Azure to see what is there."));
    const auto address = parse_address(id);
    if (!address) {
        auto hidden = co_await hidden_subscriptions(state_, access_.settings().arm_endpoint);
        co_return co_await lister_.top(std::move(hidden), stop);
    }
    if (address->kind == row_kind::active_run) {
        const auto row = find(id);
        if (row && !row->has_parts) co_return TreePage();
    }
    auto proper_address = *address;
    proper_address.workspace = proper(address->workspace);
    if (selection_.arrangement.only_mine) {
        // Who is signed in is known once a token was asked for.
        auto* connection = co_await access_.connect(stop);
        if (!connection->session.account()) co_await connection->session.accounts(stop);
    }
    auto page = co_await lister_.under(
        std::move(proper_address), experiment_of(id), selection_of(*address), stop);
    for (int pages = 1; page.next && page.size() < enough && pages < most_pages; ++pages) {
        const auto next = page.next;
        auto following = co_await next(stop);
        std::move(following.nodes.begin(), following.nodes.end(), std::back_inserter(page.nodes));
        std::move(following.runs.begin(), following.runs.end(), std::back_inserter(page.runs));
        page.next = std::move(following.next);
    }
    co_return page;
}

azure::ResourceId WorkspaceTree::proper(const azure::ResourceId& workspace) const {
    if (workspace.empty()) return workspace;
    const auto* row = row_in(subscription_row(workspace.subscription()), workspace.key());
    if (row == nullptr) return workspace;
    return azure::ResourceId::parse(row->resource_id).value_or(workspace);
}

void WorkspaceTree::changed(std::vector<std::string> ids) {
    TreeChange change{.ids = std::move(ids)};
    for (const auto& id : change.ids) {
        if (auto row = find(id)) change.rows.push_back(std::move(*row));
    }
    tell(change);
}

void WorkspaceTree::tell(const TreeChange& change) {
    if (changed_) changed_(change);
}

}  // namespace aml::tree
