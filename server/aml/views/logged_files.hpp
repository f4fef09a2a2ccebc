#pragma once

#include "azure/artifacts.hpp"
#include "azure/metrics.hpp"
#include "views/run_view.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::views {

/// The run's file that a row of such a metric is in; empty when it says none.  Source:
/// azureml-core: `aml://artifactId/{origin}/{container}/{path}`, where the first version of
/// pictures had the path alone, and that of charts "outputs/" before it.
std::string file_of(const azure::Metric& metric, const azure::MetricRow& row);

/// The files that the tag of a run says are tables.  Source: MLflow's `log_table`.
std::vector<std::string> table_files(const nlohmann::json& run_document);

/// Which of a run's files are pictures, charts and tables: by the metrics and the tag that say so,
/// by their names, and by what they hold.
class LoggedFiles final {
public:
    /// All that there are, by path, without logs.
    void set_files(const std::vector<azure::Artifact>& files);

    /// Those that the run's tag names.
    void set_tables(std::vector<std::string> paths) { tables_ = std::move(paths); }

    /// The rows of a metric that are pictures or charts: all, or the last of a chart.
    void set_metric(const azure::Metric& metric);

    /// The few that only their content tells to be charts, and whose content was not looked at.
    std::vector<std::string> unread() const;
    void set_content(const std::string& path, std::string_view content);

    std::vector<Image> images() const;
    /// By name.
    std::vector<LoggedFile> logged() const;

    /// Rises when a file is replaced; zero for one that is not known.
    std::uint64_t revision(const std::string& path) const;

private:
    struct Version {
        std::string created_at{};
        std::uint64_t revision = 0;
    };

    struct LoggedMetric {
        MetricKind kind = MetricKind::File;
        /// One for each row.
        std::vector<std::string> paths{};
    };

    std::vector<std::string> paths_{};
    std::map<std::string, Version> versions_{};
    std::vector<std::string> tables_{};
    std::map<std::string, LoggedMetric> metrics_{};
    /// Whether a file whose content was looked at is a chart.
    std::map<std::string, bool> contents_{};
};

}  // namespace aml::views
