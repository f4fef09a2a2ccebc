#pragma once

#include "async/clock.hpp"
#include "http/failure_log.hpp"
#include "support/error.hpp"

#include <string>

namespace aml::workspace {

/// What a support case needs about a failure, as plain text for the clipboard: product,
/// time, the message, codes and ids, and the requests that failed in the five minutes before. Holds
/// no secret; does hold names of resources.
std::string diagnostics(const Error& error,
                        const http::FailureLog& failures,
                        async::Clock::TimePoint now,
                        const std::string& version);

/// Whether there is more to say about a failure than its message: it came from Azure or the
/// network.
bool has_diagnostics(const Error& error);

}  // namespace aml::workspace
