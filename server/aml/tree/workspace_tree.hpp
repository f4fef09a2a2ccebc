#pragma once

#include "async/asio.hpp"
#include "async/clock.hpp"
#include "async/single_flight.hpp"
#include "async/task_group.hpp"
#include "runs/run_watcher.hpp"
#include "support/log.hpp"
#include "tree/resource_details.hpp"
#include "tree/tree_branch.hpp"
#include "tree/tree_lister.hpp"
#include "workspace/azure_access.hpp"
#include "workspace/saved_state.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::tree {

/// Rows that one list has lost and gained, in this order.
struct ListChange {
    /// The row above the list.
    std::string id;
    std::vector<std::string> removed{};
    std::vector<TreeNode> added{};
    /// The row that stands after the new ones; empty: they are the last.
    std::string before{};
};

/// What has to be drawn again where the tree is shown.
struct TreeChange {
    /// The rows whose own text or children changed; empty: all. The top of the tree is "".
    std::vector<std::string> ids{};
    /// Those of them that stand in a list, as they are now.
    std::vector<TreeNode> rows{};
    /// What happened to the lists under them, where a list changed in a part only.
    std::vector<ListChange> lists{};
};

/// What the sidebar shows: subscriptions, workspaces, and what is in them, each list asked for when
/// its row is opened. The last known rows are there at once, from disk after a restart, and are
/// corrected when Azure has answered; runs live with the RunWatcher, and those that anybody starts
/// appear in the experiments that were opened last. Lives on the loop. What it is
/// constructed with must outlive it.
class WorkspaceTree final {
public:
    /// Called on the loop.
    using Changed = std::function<void(const TreeChange&)>;

    WorkspaceTree(asio::any_io_executor loop,
                  workspace::AzureAccess& access,
                  runs::RunWatcher& watcher,
                  workspace::SavedState& state,
                  async::Clock& clock,
                  Log log);
    WorkspaceTree(const WorkspaceTree&) = delete;
    WorkspaceTree& operator=(const WorkspaceTree&) = delete;
    ~WorkspaceTree();

    void on_change(Changed changed) { changed_ = std::move(changed); }

    /// The rows under `id`, or the top ones when it is empty. A failure to list is a row with the
    /// reason. Cancelling stops waiting; the list goes on being fetched. Throws: NotFound (a row
    /// that has no rows), Cancelled.
    asio::awaitable<std::vector<TreeNode>> children(std::string id, std::stop_token stop);

    /// Adds the next page to the rows under `id`, at the cost of that page however many there are.
    /// A failure becomes a row. Throws: Cancelled.
    asio::awaitable<void> load_more(std::string id, std::stop_token stop);

    /// What stands under `id` (empty: everywhere) is asked for again: at once and side by side what
    /// was wanted since the last time, and the rest the next time it is wanted.
    void refresh(const std::string& id);

    /// The top rows alone are asked for again the next time they are wanted.
    void refresh_top();

    const RunSelection& selection() const { return selection_; }

    /// Shows the runs of experiments in this way.
    void select(RunSelection selection);

    /// A row that was listed; nothing when it never was.
    std::optional<TreeNode> find(const std::string& id) const;

    /// What Azure knows about the thing behind a row, as a document. Throws: as `read_details`.
    asio::awaitable<ResourceDetails> details(std::string id, std::stop_token stop);

    /// The row's page in Azure ML studio. Throws: NotFound for a row without one; what Azure's
    /// operations throw.
    asio::awaitable<std::string> portal_url(std::string id, std::stop_token stop);

    /// Someone signed out: forgets everything, on disk too, and asks Azure for nothing until
    /// `resume`.
    void sign_out();

    /// Someone signed in: everything is asked for again the next time it is wanted.
    void resume();

    /// Saves what is not saved yet and stops. Call before destruction.
    asio::awaitable<void> shut_down();

private:
    using Flight = async::SingleFlight<bool>;

    struct Slot {
        explicit Slot(async::TaskGroup& tasks)
            : flight(tasks) {}

        Branch branch;
        Flight flight;
        // Since it was last asked for again, so that it is probably on show.
        bool wanted = false;
    };

    std::shared_ptr<Slot> slot(const std::string& id);
    asio::awaitable<void> load_cache(std::stop_token stop);
    asio::awaitable<bool> read_cache();
    asio::awaitable<void> save();
    asio::awaitable<void> save_later(std::stop_token stop);
    void save_soon(const std::string& id);

    asio::awaitable<void> fetch(std::shared_ptr<Slot> slot, std::string id, std::stop_token stop);
    asio::awaitable<void> fetch_all(std::vector<std::string> ids, std::stop_token stop);
    asio::awaitable<bool> list(std::shared_ptr<Slot> slot, std::string id, std::stop_token stop);
    asio::awaitable<void> correct(std::shared_ptr<Slot> slot, std::string id, std::stop_token stop);
    asio::awaitable<TreePage> first_pages(std::string id, std::size_t enough, std::stop_token stop);
    TreeNode live(const runs::RunSnapshot& listed);
    std::vector<TreeNode> adopt(TreePage page);

    /// A run as a row; a trial as its sweep sees it.
    TreeNode row_of(const runs::RunSnapshot& run) const;
    /// What a sweep looks for and has found; nothing of any other row.
    std::optional<azure::SweepState> sweep_of(const std::string& id) const;
    /// The rows below a row as they are shown.
    std::vector<TreeNode> shown_under(const std::string& id, const Branch& branch) const;
    /// Whether the runs below a row stand in an order that is not Azure's.
    bool is_sorted_here(const std::string& id) const;
    void update_trials(const runs::RunSnapshot& sweep,
                       const std::optional<TreeNode>& before,
                       TreeChange& change);
    /// New trials are looked for in a moment.
    void expect_trials(const std::string& id);
    asio::awaitable<void> look_for_trials(std::string id, std::stop_token stop);
    void follow(const std::vector<runs::RunSnapshot>& runs);
    void apply(const runs::RunSnapshot& run, TreeChange& change);
    Branch* known_branch(const std::string& id);
    /// From now on new runs are looked for in this list, too.
    void note_opened(const std::string& id);
    asio::awaitable<void> watch_opened(std::stop_token stop);
    /// Returns whether there was a run that is not in the list.
    asio::awaitable<bool> add_new_runs(std::string id, std::stop_token stop);
    /// Which runs are listed below a row.
    RunSelection selection_of(const TreeAddress& address) const;
    /// The experiment that the runs below a row belong to; empty where there are none.
    std::string experiment_of(const std::string& id) const;
    /// Whether `id` is `root`, or stands somewhere under it as the tree shows it.
    bool stands_under(const std::string& id, const std::string& root) const;
    const TreeNode* row_in(const std::string& list, const std::string& id) const;
    void add_unlisted(const std::string& id);
    /// Rows changed of which no more than their ids is at hand; empty: all.
    void changed(std::vector<std::string> ids);
    void tell(const TreeChange& change);
    azure::ResourceId proper(const azure::ResourceId& workspace) const;

    workspace::AzureAccess& access_;
    runs::RunWatcher& watcher_;
    workspace::SavedState& state_;
    async::Clock& clock_;
    Log log_;
    TreeLister lister_;
    RunSelection selection_;
    Changed changed_;
    // Shared with a listing in flight.
    std::map<std::string, std::shared_ptr<Slot>> slots_;
    // Runs that a listing has had followed, until the watcher tells of them.
    std::set<azure::ResourceId> just_listed_;
    // Lists of runs that were opened last, the latest first.
    std::deque<std::string> opened_;
    bool watching_opened_ = false;
    // Sweeps whose new trials are about to be looked for.
    std::set<std::string> expected_;
    async::Clock::TimePoint news_due_{};
    std::chrono::minutes news_wait_{};
    std::set<std::string> unsaved_;
    bool saving_ = false;
    bool cache_read_ = false;
    std::uint64_t subscription_ = 0;
    // Nobody wants to be signed in.
    bool signed_out_ = false;
    // Rises with `sign_out`: what was asked for before must not come back.
    int generation_ = 0;
    async::TaskGroup tasks_;
    Flight cache_flight_;
};

}  // namespace aml::tree
