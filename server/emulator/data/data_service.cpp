#include "data/data_service.hpp"

#include "data/artifact_routes.hpp"
#include "data/experiment_routes.hpp"
#include "data/metric_routes.hpp"
#include "data/mlflow.hpp"
#include "data/run_history.hpp"
#include "data/run_json.hpp"

namespace aml::emulator {

struct DataService::Parts {
    Parts(Context& context, Router& router, BlobService& blobs, Scheduler& scheduler)
        : metrics(context.store),
          artifacts(context, blobs),
          history(context, router, artifacts, scheduler),
          experiments(context, router),
          metric_routes(context, router, metrics),
          artifact_routes(context, router, artifacts),
          mlflow(context, router),
          mlflow_experiments(mlflow),
          mlflow_runs(mlflow, mlflow_experiments, metrics),
          mlflow_artifacts(mlflow, artifacts) {}

    MetricStore metrics;
    RunArtifacts artifacts;
    RunHistory history;
    ExperimentRoutes experiments;
    MetricRoutes metric_routes;
    ArtifactRoutes artifact_routes;
    MlflowRoutes mlflow;
    MlflowExperiments mlflow_experiments;
    MlflowRuns mlflow_runs;
    MlflowArtifacts mlflow_artifacts;
};

DataService::DataService(Context& context, Router& router, BlobService& blobs, Scheduler& scheduler)
    : parts_(std::make_unique<Parts>(context, router, blobs, scheduler)) {}

DataService::~DataService() = default;

void DataService::add_routes() {
    parts_->history.add_routes();
    parts_->experiments.add_routes();
    parts_->metric_routes.add_routes();
    parts_->artifact_routes.add_routes();
    parts_->mlflow_experiments.add_to(parts_->mlflow);
    parts_->mlflow_runs.add_to(parts_->mlflow);
    parts_->mlflow_artifacts.add_to(parts_->mlflow);
}

MetricStore& DataService::metrics() {
    return parts_->metrics;
}

}  // namespace aml::emulator
