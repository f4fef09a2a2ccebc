#pragma once

#include "async/asio.hpp"
#include "cli/invocation.hpp"
#include "cli/prepare.hpp"

#include <stop_token>
#include <vector>

namespace aml::cli {

/// Submits several runs of one configuration and tells of each as soon as it is known. Fails when
/// one of them does, after all. Throws: InvalidParams for `--follow`; as
/// `RunSubmitter::submit_all`.
asio::awaitable<ExitCode> submit_together(Invocation& invocation,
                                          std::vector<PreparedRun> prepared,
                                          std::stop_token stop);

}  // namespace aml::cli
