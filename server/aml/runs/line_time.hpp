#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace aml::runs {

using LineTime = std::chrono::sys_time<std::chrono::microseconds>;

/// When a line of a log was written, as its beginning says: in the forms of ISO 8601, of Python's,
/// NVIDIA's and MLflow's logging (`[2026-11-28 10:00:00,123]`, `2026/11/28 10:00:00`), of
/// transformers (`11/28/2026 10:00:00`) and of Google's (`I1128 10:00:00.123456`, which has no
/// year: `year` is taken). A time without a zone is UTC.
std::optional<LineTime> time_of_line(std::string_view line, int year);

/// The year that a time is in.
int year_of(LineTime time);

}  // namespace aml::runs
