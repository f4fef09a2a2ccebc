#pragma once

#include "azure/client.hpp"
#include "azure/workspaces.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::workspace {

/// A workspace that does not exist yet.
struct NewWorkspace {
    std::string subscription{};
    std::string group{};
    std::string name{};
    /// Empty: that of the resource group, which exists then.
    std::string location{};
};

/// Told on the loop what is being done, in a few words.
using OnStage = std::function<void(const std::string& stage)>;

/// Creates a workspace, and its resource group where there is none yet. A group that was made for a
/// workspace that then fails stays, and what was made in it. Throws: Rejected (a name that is
/// impossible or taken, no location), and what the operations of azure/ throw.
asio::awaitable<azure::Workspace> create_workspace(azure::Client& client,
                                                   NewWorkspace wanted,
                                                   OnStage on_stage,
                                                   std::stop_token stop);

}  // namespace aml::workspace
