#include "data/data_service.hpp"

#include "data/artifact_routes.hpp"
#include "data/datastore_routes.hpp"
#include "data/experiment_routes.hpp"
#include "data/metric_routes.hpp"
#include "data/mlflow.hpp"
#include "data/model_management.hpp"
#include "data/model_store.hpp"
#include "data/run_history.hpp"
#include "data/run_json.hpp"

namespace aml::emulator {

struct DataService::Parts {
    Parts(Context& context,
          Router& router,
          BlobService& blobs,
          MetricStore& metrics,
          Scheduler& scheduler)
        : artifacts(blobs),
          history(context, router, artifacts, scheduler),
          experiments(context, router),
          metric_routes(context, router, metrics),
          artifact_routes(context, router, artifacts),
          datastores(context, router),
          models(context),
          model_management(context, router, models),
          mlflow(context, router),
          mlflow_experiments(mlflow),
          mlflow_runs(mlflow, mlflow_experiments, metrics),
          mlflow_artifacts(mlflow, artifacts),
          mlflow_models(mlflow, models) {}

    RunArtifacts artifacts;
    RunHistory history;
    ExperimentRoutes experiments;
    MetricRoutes metric_routes;
    ArtifactRoutes artifact_routes;
    DatastoreRoutes datastores;
    ModelStore models;
    ModelManagement model_management;
    MlflowRoutes mlflow;
    MlflowExperiments mlflow_experiments;
    MlflowRuns mlflow_runs;
    MlflowArtifacts mlflow_artifacts;
    MlflowModels mlflow_models;
};

DataService::DataService(Context& context,
                         Router& router,
                         BlobService& blobs,
                         MetricStore& metrics,
                         Scheduler& scheduler)
    : parts_(std::make_unique<Parts>(context, router, blobs, metrics, scheduler)) {}

DataService::~DataService() = default;

void DataService::add_routes() {
    parts_->history.add_routes();
    parts_->experiments.add_routes();
    parts_->metric_routes.add_routes();
    parts_->artifact_routes.add_routes();
    parts_->datastores.add_routes();
    parts_->model_management.add_routes();
    parts_->mlflow_experiments.add_to(parts_->mlflow);
    parts_->mlflow_runs.add_to(parts_->mlflow);
    parts_->mlflow_artifacts.add_to(parts_->mlflow);
    parts_->mlflow_models.add_to(parts_->mlflow);
}

}  // namespace aml::emulator
