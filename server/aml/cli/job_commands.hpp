#pragma once

#include "async/asio.hpp"
#include "cli/invocation.hpp"

#include <stop_token>

namespace aml::cli {

/// `aml jobs`: the newest runs of the workspace or of one experiment. Throws: as `any_workspace`;
/// InvalidParams when --limit is no number.
asio::awaitable<ExitCode> list_jobs(Invocation& invocation, std::stop_token stop);

/// `aml status`: how a run stands, with its metrics. Throws: as `find_job`; NotFound.
asio::awaitable<ExitCode> show_status(Invocation& invocation, std::stop_token stop);

/// `aml logs`: what stands in a log now, or with --follow until the run has ended. Throws: as
/// `find_job`; NotFound (the run, or the log of one that has ended).
asio::awaitable<ExitCode> show_logs(Invocation& invocation, std::stop_token stop);

/// `aml cancel`: asks Azure to cancel a run; with --follow waits until it has ended. Throws: as
/// `find_job`; NotFound.
asio::awaitable<ExitCode> cancel_job(Invocation& invocation, std::stop_token stop);

}  // namespace aml::cli
