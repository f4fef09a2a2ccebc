#pragma once

#include "async/asio.hpp"
#include "runs/failure.hpp"
#include "runs/run_log.hpp"

#include <optional>
#include <stop_token>

namespace aml::runs {

/// Why a run that is over failed, as `failure_of` says it with the end of its main log, or of the
/// log of another of its processes, where that one only tells that another has failed. Throws: as
/// `RunLog::read`.
asio::awaitable<std::optional<Failure>> read_failure(RunLog& log,
                                                     RunSnapshot run,
                                                     std::stop_token stop);

}  // namespace aml::runs
