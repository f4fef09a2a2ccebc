#pragma once

#include "async/asio.hpp"
#include "azure/client.hpp"
#include "cli/invocation.hpp"
#include "runs/run_snapshot.hpp"

#include <stop_token>
#include <string>

namespace aml::cli {

/// What of a run is shown while it is followed.
enum class FollowView {
    /// Status, log, metrics and outputs on standard output.
    Everything,
    /// The log on standard output, the rest on standard error.
    LogFirst,
};

/// Shows a run until it has ended, and says how it did. With `--json` every piece of news is one
/// object: `{"event":"status"|"log"|"finished",…}`. `log_path` empty: what the script prints.
/// Throws: NotFound, Forbidden, NotSignedIn; Cancelled when `stop` fires first, which leaves the
/// run alone.
asio::awaitable<ExitCode> follow_run(Invocation& invocation,
                                     azure::Client& client,
                                     runs::RunSnapshot run,
                                     std::string log_path,
                                     FollowView view,
                                     std::stop_token stop);

/// What Azure knows about a job, from ARM and run history. Throws: NotFound, and what the calls
/// throw.
asio::awaitable<runs::RunSnapshot> read_run(azure::Client& client,
                                            azure::ResourceId job,
                                            std::stop_token stop);

}  // namespace aml::cli
