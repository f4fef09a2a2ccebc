#pragma once

#include "local/run_folder.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What Azure would say of the runs of this computer, in its words. All calls block.
namespace aml::local {

/// The runs in several `.azureml/runs`, newest first.
std::vector<RunFolder> all_runs(const std::vector<std::filesystem::path>& places);

/// Run history's and ARM's documents of a run.
nlohmann::json history_json(const RunFolder& folder);
nlohmann::json job_json(const RunFolder& folder);

/// The metrics service's: every row since a time, or the last one of each.
nlohmann::json metric_json(const RunFolder& folder,
                           const std::string& name,
                           std::optional<async::Clock::TimePoint> since);
nlohmann::json last_metrics_json(const RunFolder& folder);

/// MLflow's, of `runs/search`.
nlohmann::json logged_json(const RunFolder& folder);

/// The names of the files that a run has stored, sorted; '/' divides folders.
std::vector<std::string> stored_files(const RunFolder& folder);

/// Where a stored file lies; absent for a name that leads elsewhere.
std::optional<std::filesystem::path> place_of_stored(const RunFolder& folder,
                                                     std::string_view name);

}  // namespace aml::local
