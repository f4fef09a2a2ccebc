#pragma once

#include "support/settle.hpp"
#include "support/wizard_world.hpp"
#include "tree/workspace_tree.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace aml::test {

inline const auto space = AzureSession::workspace();
inline const auto top = tree::subscription_row("s");
inline const auto experiments_folder = tree::folder_row(space, tree::row_kind::experiments);
inline const auto mnist = tree::experiment_row(space, "mnist");

inline nlohmann::json run_json(const std::string& id, const std::string& status) {
    return {{"runId", id},
            {"displayName", "run " + id},
            {"status", status},
            {"createdUtc", "2025-12-31T23:00:00Z"},
            {"startTimeUtc", "2025-12-31T23:00:00Z"},
            {"endTimeUtc", "2025-12-31T23:01:05Z"},
            {"createdBy", {{"userName", "Ada"}}}};
}

/// As it is known right after it was submitted.
inline runs::RunSnapshot new_run(const std::string& id, const std::string& experiment) {
    runs::RunSnapshot run;
    run.job = space.child("jobs", id);
    run.display_name = "new";
    run.experiment = experiment;
    run.status = "Running";
    return run;
}

/// The tree of a workspace, whose time stands still.
struct TreeWorld : WizardWorld {
    // Manual time: nothing is polled and nothing is saved unless a test says so.
    FakeClock still;

    TreeWorld() { start(); }

    ~TreeWorld() { stop(); }

    void start() {
        watcher = std::make_unique<runs::RunWatcher>(
            loop.get_executor(), access, still, random, state, log);
        tree = std::make_unique<tree::WorkspaceTree>(
            loop.get_executor(), access, *watcher, state, still, log);
        tree->on_change([this](const tree::TreeChange& change) {
            changes.push_back(change.ids);
            latest = change;
        });
    }

    void stop() {
        run(loop, tree->shut_down());
        run(loop, watcher->shut_down());
        tree.reset();
        watcher.reset();
    }

    std::vector<tree::TreeNode> children(const std::string& id) {
        auto nodes = run(loop, tree->children(id, {}));
        return nodes;
    }

    std::vector<std::string> labels(const std::string& id) {
        std::vector<std::string> all;
        for (const auto& node : children(id)) all.push_back(node.label);
        return all;
    }

    /// Lets background work go on until it waits for something that does not come.
    void settle() { test::settle(loop, pool); }

    ExpectedCall& runs(nlohmann::json items) {
        return http.expect_post(data("history/v1.0", "/experiments/mnist/runs:query"))
            .reply(200, list_of(std::move(items)));
    }

    std::unique_ptr<runs::RunWatcher> watcher;
    std::unique_ptr<tree::WorkspaceTree> tree;
    std::vector<std::vector<std::string>> changes;
    tree::TreeChange latest;
};

using Labels = std::vector<std::string>;

}  // namespace aml::test
