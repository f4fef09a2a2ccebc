#pragma once

#include "azure/client.hpp"
#include "azure/computes.hpp"
#include "azure/workspaces.hpp"

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::workspace {

/// What goes with a workspace when it is deleted. What cannot be counted is absent.
struct WorkspaceContents {
    azure::Workspace workspace{};
    std::optional<std::vector<std::string>> computes{};
    std::optional<std::size_t> experiments{};
    std::optional<std::size_t> models{};
};

/// Asks for all of it. Throws: NotFound (no such workspace), and what
/// `workspaces::get` throws; a list that fails is left out.
asio::awaitable<WorkspaceContents> contents_of(azure::Client& client,
                                               azure::ResourceId id,
                                               std::stop_token stop);

/// The question before a workspace is deleted: what goes, what stays, and that it may come back or
/// not. A paragraph on each line.
std::string removal_question(const WorkspaceContents& contents, azure::Deletion deletion);

/// The question before a compute is deleted.
std::string removal_question(const azure::Compute& compute);

}  // namespace aml::workspace
