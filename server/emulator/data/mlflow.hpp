#pragma once

#include "core/context.hpp"
#include "core/metric_store.hpp"
#include "data/data_routes.hpp"
#include "data/model_store.hpp"
#include "data/run_json.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// An error as MLflow's REST API words it: RESOURCE_DOES_NOT_EXIST (404), INVALID_PARAMETER_VALUE
/// (400) …
Refused mlflow_error(int status, std::string_view code, std::string_view message);

/// MLflow's REST API 2.0 at `/mlflow/v1.0/…` and
/// `/mlflow/v2.0/…/workspaces/{workspace}/api/2.0/mlflow/…`, as Azure has it, and at
/// `/mlflow/local/…` for clients without Azure's plug-in; what the parts of it share. Source:
/// MLflow's REST API reference.
class MlflowRoutes final {
public:
    using Handler = std::function<Reply(const Workspace&, const Request&, const json& parameters)>;

    MlflowRoutes(Context& context, Router& router);

    /// `path` is e.g. `runs/create`. A GET's query and a POST's body reach the handler alike as
    /// `parameters`. aml::Error of kind Rejected becomes INVALID_PARAMETER_VALUE.
    void add(std::string method, std::string_view path, Handler handler);
    /// Routes below `api/2.0/mlflow-artifacts/`.
    void add_artifacts(std::string method, std::string_view path, DataRoutes::Handler handler);
    void add_artifact_upload(std::string_view path, DataRoutes::Streaming handler);
    /// The same below `api/2.0/preview/mlflow/`, where Azure has what is its own.
    void add_preview(std::string method, std::string_view path, Handler handler);
    /// What Azure does not know: 404 without a body to every method.
    void add_missing(std::string_view path);
    /// The same as `add`, for clients without Azure's plug-in only.
    void add_local(std::string method, std::string_view path, Handler handler);

    Context& context() { return context_; }

private:
    DataRoutes::Handler with_parameters(Handler handler) const;

    Context& context_;
    std::array<DataRoutes, 3> versions_;
};

/// Experiments: create, get, get-by-name, search, update, delete, restore, set-experiment-tag.
class MlflowExperiments final {
public:
    explicit MlflowExperiments(MlflowRoutes& routes)
        : context_(routes.context()) {}

    void add_to(MlflowRoutes& routes);
    /// By MLflow's id; "0" and "" are the experiment `Default`, made when it is missing.
    Experiment find(const Workspace& workspace, std::string_view id);

private:
    Reply create(const Workspace& workspace, const json& parameters);
    Reply search(const Workspace& workspace, const json& parameters);

    Context& context_;
};

/// Runs and their metrics, parameters and tags.
class MlflowRuns final {
public:
    MlflowRuns(MlflowRoutes& routes, MlflowExperiments& experiments, MetricStore& metrics)
        : context_(routes.context()),
          experiments_(experiments),
          metrics_(metrics) {}

    void add_to(MlflowRoutes& routes);

private:
    void add_logging(MlflowRoutes& routes);
    void add_histories(MlflowRoutes& routes);
    Run find(const Workspace& workspace, const json& parameters);
    json run_json(const Workspace& workspace, const Request& request, const Run& run);
    Reply create(const Workspace& workspace, const Request& request, const json& parameters);
    Reply search(const Workspace& workspace, const Request& request, const json& parameters);
    Reply update(const Workspace& workspace, const Request& request, const json& parameters);
    Reply log_batch(const Workspace& workspace, const Request& request, const json& parameters);
    Reply history(const Workspace& workspace, const json& parameters);
    Reply histories(const Workspace& workspace, const Request& request);
    void save(Run& run, const Request& request);

    Context& context_;
    MlflowExperiments& experiments_;
    MetricStore& metrics_;
};

/// The model registry: registered models and their versions, the same that ARM has. Not here, as in
/// Azure: aliases, renaming, and the logged models of MLflow 3.
class MlflowModels final {
public:
    MlflowModels(MlflowRoutes& routes, ModelStore& models)
        : context_(routes.context()),
          models_(models) {}

    void add_to(MlflowRoutes& routes);

private:
    void add_models(MlflowRoutes& routes);
    void add_versions(MlflowRoutes& routes);
    Resource require(const Workspace& workspace, const json& given);
    Resource require_version(const Workspace& workspace, const json& given);
    Resource require_either(const Workspace& workspace, const json& given);
    json model_json(const Workspace& workspace, const Request& request, const Resource& model);
    json version_json(const Workspace& workspace, const Request& request, const Resource& version);
    std::string source_of(const Workspace& workspace,
                          const Request& request,
                          const std::string& uri);
    std::string uri_of(const Workspace& workspace, const std::string& source);
    Reply create(const Workspace& workspace, const Request& request, const json& given);
    Reply get(const Workspace& workspace, const Request& request, const json& given);
    Reply update(const Workspace& workspace, const Request& request, const json& given);
    Reply remove(const Workspace& workspace, const Request& request, const json& given);
    Reply search(const Workspace& workspace, const Request& request, const json& given);
    Reply latest_versions(const Workspace& workspace, const Request& request, const json& given);
    Reply create_version(const Workspace& workspace, const Request& request, const json& given);
    Reply get_version(const Workspace& workspace, const Request& request, const json& given);
    Reply update_version(const Workspace& workspace, const Request& request, const json& given);
    Reply remove_version(const Workspace& workspace, const Request& request, const json& given);
    Reply search_versions(const Workspace& workspace, const Request& request, const json& given);
    Reply download_uri(const Workspace& workspace, const Request& request, const json& given);
    Reply set_stage(const Workspace& workspace, const Request& request, const json& given);
    Reply set_tag(const Workspace& workspace, const Request& request, const json& given);
    Reply delete_tag(const Workspace& workspace, const Request& request, const json& given);

    Context& context_;
    ModelStore& models_;
};

/// artifacts/list, and the upload and download that MLflow's own client makes for
/// `mlflow-artifacts:` addresses.
class MlflowArtifacts final {
public:
    MlflowArtifacts(MlflowRoutes& routes, RunArtifacts& artifacts)
        : context_(routes.context()),
          artifacts_(artifacts) {}

    void add_to(MlflowRoutes& routes);

private:
    Reply list_of_run(const Workspace& workspace, const Request& request, const json& parameters);
    /// The files and folders at `path` of a run, named from there or from the run's root.
    json list(const Workspace& workspace, std::string_view run_id, std::string path, bool relative);
    /// The blob of `ExperimentRun/dcid.{run}/{path}`. Throws: Refused when that run does not exist.
    BlobKey key(const Workspace& workspace, std::string_view path);
    asio::awaitable<Reply> upload(Workspace workspace, const Request& request, BodyReader& body);

    Context& context_;
    RunArtifacts& artifacts_;
};

/// A 64-bit integer, which MLflow's clients send as a number or as a text; absent when it is
/// neither.
std::optional<std::int64_t> mlflow_integer(const json& object, std::string_view name);

/// The artifact root of a run. As in Azure an `azureml:` address, which Azure's plug-in for MLflow
/// understands; below `/mlflow/local/` an `mlflow-artifacts:` one, which MLflow's own client turns
/// into calls of the upload routes.
std::string mlflow_artifact_uri(const Workspace& workspace, const Request& request, const Run& run);

}  // namespace aml::emulator
