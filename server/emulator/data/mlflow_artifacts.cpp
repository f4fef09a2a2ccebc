#include "async/run_blocking.hpp"
#include "blob/content_writer.hpp"
#include "data/mlflow.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::emulator {

namespace {

constexpr std::size_t most_files = 1000;
constexpr std::string_view root = "ExperimentRun/dcid.";

}  // namespace

void MlflowArtifacts::add_to(MlflowRoutes& routes) {
    routes.add("GET",
               "artifacts/list",
               [this](const Workspace& workspace, const Request& request, const json& parameters) {
                   return list_of_run(workspace, request, parameters);
               });
    routes.add_artifacts(
        "GET", "artifacts", [this](const Workspace& workspace, const Request& request) {
            const auto where = key(workspace, request.query.get("path") + "/");
            const auto rest = where.name.substr(root.size());
            const auto slash = rest.find('/');
            return Reply::of_json(
                list(workspace, rest.substr(0, slash), rest.substr(slash + 1), true));
        });
    routes.add_artifacts(
        "GET", "artifacts/{path*}", [this](const Workspace& workspace, const Request& request) {
            const auto blob =
                artifacts_.blobs().store().find(key(workspace, request.param("path")));
            if (!blob)
                throw mlflow_error(
                    404, "RESOURCE_DOES_NOT_EXIST", "There is no artifact at this path.");
            Reply reply;
            reply.headers.set("Content-Type", blob->content_type);
            reply.body = FileBody{artifacts_.blobs().store().path_of(blob->content), 0, blob->size};
            return reply;
        });
    routes.add_artifacts(
        "DELETE", "artifacts/{path*}", [this](const Workspace& workspace, const Request& request) {
            artifacts_.blobs().store().remove(key(workspace, request.param("path")));
            return Reply::of_json(json::object());
        });
    routes.add_artifact_upload(
        "artifacts/{path*}", [this](Workspace workspace, const Request& request, BodyReader& body) {
            return upload(std::move(workspace), request, body);
        });
}

Reply MlflowArtifacts::list_of_run(const Workspace& workspace,
                                   const Request& request,
                                   const json& parameters) {
    auto id = text_at(parameters, "run_id");
    if (id.empty()) id = text_at(parameters, "run_uuid");
    const auto run = context_.runs.find(workspace.id, id);
    if (!run)
        throw mlflow_error(
            404, "RESOURCE_DOES_NOT_EXIST", fmt::format("Run with id={} not found", id));
    auto reply = list(workspace, run->id, text_at(parameters, "path"), false);
    reply["root_uri"] = mlflow_artifact_uri(workspace, request, *run);
    return Reply::of_json(reply);
}

json MlflowArtifacts::list(const Workspace& workspace,
                           std::string_view run_id,
                           std::string path,
                           bool relative) {
    while (path.ends_with('/')) path.pop_back();
    const auto folder = path.empty() ? path : path + "/";
    const auto where = RunArtifacts::key(workspace, run_id, folder);
    const auto run_prefix = RunArtifacts::key(workspace, run_id, "").name.size();
    auto files = json::array();
    auto& store = artifacts_.blobs().store();
    for (const auto& entry :
         store.list_folder(where.account, where.container, where.name, "/", "", most_files)) {
        auto name = entry.name.substr(relative ? where.name.size() : run_prefix);
        if (!entry.blob) name.pop_back();
        json file{{"path", name}, {"is_dir", !entry.blob}};
        if (entry.blob) file["file_size"] = std::to_string(entry.blob->size);
        files.push_back(std::move(file));
    }
    return {{"files", std::move(files)}};
}

BlobKey MlflowArtifacts::key(const Workspace& workspace, std::string_view path) {
    const auto rest = path.substr(std::min(root.size(), path.size()));
    const auto slash = rest.find('/');
    const auto run = path.starts_with(root) && slash != std::string_view::npos
                         ? context_.runs.find(workspace.id, rest.substr(0, slash))
                         : std::nullopt;
    if (!run)
        throw mlflow_error(404, "RESOURCE_DOES_NOT_EXIST", "The path names no artifact of a run.");
    return RunArtifacts::key(workspace, run->id, rest.substr(slash + 1));
}

asio::awaitable<Reply> MlflowArtifacts::upload(Workspace workspace,
                                               const Request& request,
                                               BodyReader& body) {
    auto& store = artifacts_.blobs().store();
    Blob blob;
    blob.key = key(workspace, request.param("path"));
    store.create_container(blob.key.account, blob.key.container);
    blob.content = store.new_content();
    const auto written = co_await receive_content(body, store.path_of(blob.content), context_.pool);
    blob.size = written.size;
    blob.content_md5 = written.md5;
    co_await store.put(std::move(blob), true);
    co_return Reply::of_json(json::object());
}

}  // namespace aml::emulator
