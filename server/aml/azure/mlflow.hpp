#pragma once

#include "azure/client.hpp"
#include "azure/page.hpp"

#include <map>
#include <string>
#include <vector>

namespace aml::azure {

/// What a script logged about its run, as MLflow tells it: the last value of each metric.
struct LoggedRun {
    std::string run_id{};
    std::map<std::string, double> metrics{};
    std::map<std::string, std::string> parameters{};
    /// Those of MLflow and Azure ML themselves included.
    std::map<std::string, std::string> tags{};
};

namespace mlflow {
/// Runs of experiments, by their ids, newest first, `page_size` (at most 1000) at a time.  Source:
/// `POST …/mlflow/v2.0/…/runs/search`, REST API 2.0 of MLflow.
asio::awaitable<Page<LoggedRun>> search_runs(Client& client,
                                             DataPlane plane,
                                             std::vector<std::string> experiment_ids,
                                             int page_size,
                                             std::stop_token stop);
}  // namespace mlflow

}  // namespace aml::azure
