#pragma once

#include "async/clock.hpp"
#include "azure/assets.hpp"
#include "azure/computes.hpp"
#include "azure/run_history.hpp"
#include "azure/subscriptions.hpp"
#include "azure/workspaces.hpp"
#include "runs/run_snapshot.hpp"
#include "tree/tree_node.hpp"
#include "workspace/directory.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What each thing looks like as a row. Pure functions.
namespace aml::tree::rows {

/// Pages for people: of a workspace's things in Azure ML studio.
struct Portal {
    /// e.g. "https://ml.azure.com".
    std::string studio;
    std::string tenant;

    /// `path` is e.g. "/compute/cpu/details"; empty for the workspace's own page.
    std::string page(const azure::ResourceId& workspace, std::string_view path) const;
};

TreeNode subscription(const azure::Subscription& subscription);
/// A tenant that could not be asked, with a click that signs in to it or tries again.
TreeNode tenant_problem(const workspace::DirectoryProblem& problem);
/// Says that some subscriptions are not shown; a click chooses.
TreeNode hidden_subscriptions(std::size_t shown, std::size_t all);
TreeNode workspace(const azure::Workspace& workspace, const Portal& portal);
/// The folders of a workspace, in order.
std::vector<TreeNode> folders(const azure::ResourceId& workspace);
TreeNode experiment(const azure::ResourceId& workspace,
                    const azure::Experiment& experiment,
                    const Portal& portal);
TreeNode run(const runs::RunSnapshot& run, async::Clock::TimePoint now);
/// A run below a sweep: its hyperparameters name it, and the metric of the sweep stands beside it.
TreeNode trial(const runs::RunSnapshot& run,
               const azure::SweepState& sweep,
               async::Clock::TimePoint now);
/// The row of all files of a run, below that of the run.
TreeNode run_files(const azure::ResourceId& job);
TreeNode compute(const azure::ResourceId& workspace,
                 const azure::Compute& compute,
                 const Portal& portal);
TreeNode compute_node(const azure::ResourceId& workspace,
                      const std::string& compute,
                      const azure::ComputeNode& node);
TreeNode environment(const azure::ResourceId& workspace,
                     const azure::AssetContainer& container,
                     const Portal& portal);
TreeNode environment_version(const azure::ResourceId& workspace,
                             const std::string& environment,
                             const azure::EnvironmentVersion& version,
                             const Portal& portal);
TreeNode datastore(const azure::ResourceId& workspace, const azure::Datastore& datastore);
TreeNode data_asset(const azure::ResourceId& workspace,
                    const azure::AssetContainer& container,
                    const Portal& portal);
TreeNode model(const azure::ResourceId& workspace,
               const azure::AssetContainer& container,
               const Portal& portal);
TreeNode data_version(const azure::ResourceId& workspace,
                      const std::string& name,
                      const azure::AssetVersion& version,
                      const Portal& portal);
TreeNode model_version(const azure::ResourceId& workspace,
                       const std::string& name,
                       const azure::AssetVersion& version,
                       const Portal& portal);
/// `type` is "onlineEndpoints" or "batchEndpoints".
TreeNode endpoint(const azure::ResourceId& workspace,
                  std::string_view type,
                  const azure::Endpoint& endpoint);

/// "Load more…" under `parent`.
TreeNode load_more(const std::string& parent);
/// A failure to list under `parent`, with a click that tries again.
TreeNode problem(const std::string& parent, std::string_view what, const std::string& reason);
/// What is shown in place of nothing.
TreeNode nothing(const std::string& parent, std::string text);

}  // namespace aml::tree::rows
