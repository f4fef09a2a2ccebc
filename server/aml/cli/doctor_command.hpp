#pragma once

#include "async/asio.hpp"
#include "cli/invocation.hpp"

#include <stop_token>

namespace aml::cli {

/// `aml doctor`: one line for each step, as it ends. Fails when a step does. Throws: Cancelled.
asio::awaitable<ExitCode> examine_sign_in(Invocation& invocation, std::stop_token stop);

}  // namespace aml::cli
