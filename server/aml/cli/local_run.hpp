#pragma once

#include "async/asio.hpp"
#include "cli/invocation.hpp"

#include <stop_token>

namespace aml::cli {

/// `aml run --local`: runs a configuration on this computer and shows it until it has ended.
/// Throws: as `prepare_local` and `local::Runner::begin`; Cancelled when `stop` fires first: what
/// is at work goes on, what is still being prepared ends.
asio::awaitable<ExitCode> run_here(Invocation& invocation, std::stop_token stop);

}  // namespace aml::cli
