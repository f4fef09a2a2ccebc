#pragma once

#include "features/commands_feature.hpp"
#include "features/documents_feature.hpp"
#include "features/progress_feature.hpp"
#include "features/services.hpp"
#include "features/tree_feature.hpp"
#include "features/ui_feature.hpp"
#include "local/runner.hpp"
#include "rpc/router.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

/// The commands `azureml.runLocally` and `azureml.debugLocally`, which ask for the run
/// configuration they get none of, and what goes on of runs on this computer when a session begins.
class LocalFeature final {
public:
    LocalFeature(Services& services,
                 DocumentsFeature& documents,
                 ProgressFeature& progress,
                 TreeFeature& tree,
                 UiFeature& ui);

    void bind(rpc::Router& router, CommandsFeature& commands);

private:
    void initialized(protocol::NoParams params);
    asio::awaitable<void> follow_unfinished();
    local::Runner& runner();
    asio::awaitable<protocol::Json> run(CommandCall call);
    asio::awaitable<void> carry_out(local::BegunRun run);
    asio::awaitable<void> announce(runs::RunSnapshot run);
    /// The launch configuration of debugpy for a launch configuration of ours, the first argument;
    /// null when the user gave up. The second says whether a debugger for Python is there.
    asio::awaitable<protocol::Json> debug(CommandCall call);
    asio::awaitable<void> offer_debugger(std::stop_token stop);

    Services& services_;
    DocumentsFeature& documents_;
    ProgressFeature& progress_;
    TreeFeature& tree_;
    UiFeature& ui_;
    bool initialized_ = false;
    std::optional<local::Runner> runner_{};
};

}  // namespace aml::features
