#pragma once

#include "azure/run_history.hpp"
#include "cli/command.hpp"
#include "cli/terminal.hpp"
#include "runs/run_metrics.hpp"
#include "runs/run_snapshot.hpp"
#include "support/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace aml::cli {

/// The outcome that a status stands for; Unfinished while there is none.
ExitCode exit_code_of(std::string_view status);

/// Green for completed, red for failed, yellow for cancelled, blue for going on.
Colour colour_of(std::string_view status);

/// "850 ms", "12 s", "3 min 5 s", "2 h 10 min".
std::string duration_text(std::chrono::milliseconds duration);

/// "2026-03-01 14:05", UTC.
std::string time_text(async::Clock::TimePoint time);

/// A run for programs: name, id, displayName, experiment, status, target, createdBy, times
/// (RFC 3339), durationMs, error, studioUrl. What is not known is left out.
nlohmann::json run_json(const runs::RunSnapshot& run, async::Clock::TimePoint now);

/// Metric by metric: numbers where they are finite, text otherwise.
nlohmann::json metrics_json(const std::vector<runs::MetricValue>& metrics);

/// A run for people, one fact a line.
std::vector<std::string> run_lines(const Terminal& terminal,
                                   const runs::RunSnapshot& run,
                                   async::Clock::TimePoint now);

/// Metrics for people, one a line.
std::vector<std::string> metric_lines(const std::vector<runs::MetricValue>& metrics);

/// A failure for programs.
nlohmann::json error_json(const Error& error);

/// Why a run failed, in one line.
std::string error_text(const azure::RunError& error);

}  // namespace aml::cli
