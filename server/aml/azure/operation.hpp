#pragma once

#include "azure/client.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::azure {

/// What a long-running operation last said.
struct OperationProgress {
    /// InProgress, Succeeded, Failed, Canceled, or the resource's own provisioning state.
    std::string status{};
    std::optional<double> percent{};
};

/// Called on the loop after every poll.
using OnOperationProgress = std::function<void(const OperationProgress&)>;

/// Waits for the long-running operation that `started` began: polls `Azure-AsyncOperation`, else
/// `Location`, else the resource's `provisioningState` at `resource`, after `Retry-After` or 5 s
/// growing to 30 s. Cancelling stops waiting; Azure goes on. Throws: Rejected or AzureFailed (the
/// operation's own error), TimedOut after two hours, and what GET throws.  Source: Azure async
/// operations; wire dialects A, B and C.
asio::awaitable<void> wait_until_done(Client& client,
                                      Answer started,
                                      http::Request resource,
                                      OnOperationProgress on_progress,
                                      std::stop_token stop);

}  // namespace aml::azure
