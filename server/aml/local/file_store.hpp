#pragma once

#include "local/run_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

/// What a run on this computer logs: a store of MLflow's in files, one for each run, so that it is
/// kept whether or not anything of ours is at work, and `mlflow ui` shows it. All calls block.
/// Source: `FileStore` of MLflow, mlflow/store/tracking/file_store.py.
namespace aml::local {

/// One line of a metric.
struct LoggedPoint {
    async::Clock::TimePoint time{};
    double value = 0;
    std::int64_t step = 0;
};

/// By name, in the order logged.
using LoggedMetrics = std::map<std::string, std::vector<LoggedPoint>>;
using LoggedTexts = std::map<std::string, std::string>;

/// `file://…` of an absolute path.
std::string file_uri(const std::filesystem::path& path);

/// Makes the store with the run in it, whose artifacts go to the folder of the run. Throws:
/// Unavailable when the disk refuses.
void make_store(const RunFolder& folder, const RunRecord& record);

/// What has been logged until now.
LoggedMetrics logged_metrics(const RunFolder& folder);
LoggedTexts logged_parameters(const RunFolder& folder);
LoggedTexts logged_tags(const RunFolder& folder);

}  // namespace aml::local
