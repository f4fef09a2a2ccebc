#include "data/artifact_routes.hpp"

#include "blob/content_writer.hpp"
#include "core/digest.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::emulator {

namespace {

constexpr std::string_view origin = "ExperimentRun";

json artifact_json(const Blob& blob, std::string_view run_id) {
    const auto path = RunArtifacts::path(blob, run_id);
    return {{"artifactId", blob.key.name},
            {"origin", origin},
            {"container", fmt::format("dcid.{}", run_id)},
            {"path", path},
            {"etag", blob.etag},
            {"createdTime", iso_time(blob.created)},
            {"dataPath",
             {{"dataStoreName", "workspaceartifactstore"},
              {"relativePath", blob.key.name},
              {"sqlDataPath", nullptr}}},
            {"tags", json::object()}};
}

json content_info_json(const std::string& url, std::string_view run_id, std::string_view path) {
    return {{"contentUri", url},
            {"origin", origin},
            {"container", fmt::format("dcid.{}", run_id)},
            {"path", path},
            {"tags", nullptr}};
}

// Clients of today name the artifact in the query, azureml-core in the path.
const std::string& path_of(const Request& request) {
    const auto& path = request.param("path");
    return path.empty() ? request.query.get("path") : path;
}

// The address of a blob as Azure has it, `https://{account}.blob.{suffix}/…`. Not every resolver
// knows names below localhost.
std::string with_account_in_host(std::string_view base_url,
                                 std::string_view account,
                                 std::string_view url) {
    const auto path = url.substr(base_url.size() + 1 + account.size());
    const auto port = base_url.substr(base_url.rfind(':'));
    return fmt::format("https://{}.blob.core.localhost{}{}", account, port, path);
}

}  // namespace

ArtifactRoutes::ArtifactRoutes(Context& context, Router& router, RunArtifacts& artifacts)
    : context_(context),
      artifacts_(artifacts),
      artifact_(context, router, "artifact/v2.0", "artifact"),
      history_(context, router, "history/v1.0", "run-history"),
      data_(context, router, "data/v1.0", "data") {}

void ArtifactRoutes::add_routes() {
    using Member = Reply (ArtifactRoutes::*)(const Workspace&, std::string_view, const Request&);
    const auto to = [this](Member member) {
        return [this, member](
                   const Workspace& workspace, std::string_view run_id, const Request& request) {
            return (this->*member)(workspace, run_id, request);
        };
    };
    add("", to(&ArtifactRoutes::list));
    add("/path", to(&ArtifactRoutes::list));
    add("/contentinfo", to(&ArtifactRoutes::content_info));
    add("/artifacturi", to(&ArtifactRoutes::uri));
    add("/prefix/contentinfo", to(&ArtifactRoutes::prefix_info));
    add("/metadata", to(&ArtifactRoutes::metadata));
    add("/content", to(&ArtifactRoutes::content));
    add("/write", to(&ArtifactRoutes::write));
    for (const char* form : {"/experiments/{experiment}", "/experimentids/{experimentId}"}) {
        history_.add("POST",
                     fmt::format("{}/runs/{{run}}/artifacts/batch/metadata", form),
                     [this](const Workspace& workspace, const Request& request) {
                         return create_empty(workspace, run_of(workspace, request), request);
                     });
    }
    for (const char* path : {"/artifacts/batch/metadata/ExperimentRun/{container}",
                             "/artifacts/ExperimentRun/{container}/batch/metadata"}) {
        artifact_.add("POST", path, [this](const Workspace& workspace, const Request& request) {
            return create_empty(workspace, run_of(workspace, request), request);
        });
    }
    for (const char* path : {"/artifacts/ExperimentRun/{container}/content",
                             "/artifacts/content/ExperimentRun/{container}/{path*}"}) {
        artifact_.add_streaming(
            "POST", path, [this](Workspace workspace, const Request& request, BodyReader& body) {
                return upload(std::move(workspace), request, body);
            });
    }
    artifact_.add(
        "POST", "/artifacts/register", [this](const Workspace& workspace, const Request& request) {
            return register_artifact(workspace, request);
        });
    data_.add("POST",
              "/dataversion/batchGetResolvedUris",
              [this](const Workspace& workspace, const Request& request) {
                  return resolve_uris(workspace, request);
              });
}

void ArtifactRoutes::add(std::string_view suffix, Handler handler) {
    const auto call = [this, handler = std::move(handler)](const Workspace& workspace,
                                                           const Request& request) {
        return handler(workspace, run_of(workspace, request), request);
    };
    artifact_.add("GET", fmt::format("/artifacts/ExperimentRun/{{container}}{}", suffix), call);
    artifact_.add(
        "GET", fmt::format("/artifacts{}/ExperimentRun/{{container}}/{{path*}}", suffix), call);
    for (const char* form : {"/experiments/{experiment}", "/experimentids/{experimentId}", ""}) {
        const auto all = fmt::format("{}/runs/{{run}}/artifacts{}", form, suffix);
        history_.add("GET", all, call);
        if (!suffix.empty()) history_.add("GET", all + "/{path*}", call);
    }
}

std::string ArtifactRoutes::run_of(const Workspace& workspace, const Request& request) const {
    const auto& container = request.param("container");
    const auto id = container.starts_with("dcid.") ? container.substr(5) : request.param("run");
    const auto run = context_.runs.find(workspace.id, id);
    if (!run) throw artifact_.not_found(request, fmt::format("Run {} was not found.", id));
    return run->id;
}

Blob ArtifactRoutes::blob_of(const Workspace& workspace,
                             std::string_view run_id,
                             const Request& request) {
    const auto& path = path_of(request);
    auto blob = artifacts_.blobs().store().find(RunArtifacts::key(workspace, run_id, path));
    if (!blob)
        throw artifact_.not_found(request, fmt::format("The artifact '{}' was not found.", path));
    return std::move(*blob);
}

Reply ArtifactRoutes::page(const Workspace& workspace,
                           std::string_view run_id,
                           const Request& request,
                           const Describe& describe) {
    const auto limit = context_.settings.page_size;
    const auto after = base64url_decode(request.query.get("continuationToken")).value_or("");
    auto blobs = artifacts_.list(workspace, run_id, path_of(request), after, limit + 1);
    const bool more = blobs.size() > limit;
    if (more) blobs.pop_back();
    json body{{"value", json::array()}};
    for (const auto& blob : blobs) body["value"].push_back(describe(blob));
    if (more) {
        body["continuationToken"] = base64url_encode(RunArtifacts::path(blobs.back(), run_id));
        body["nextLink"] = nullptr;
    }
    return Reply::of_json(body);
}

Reply ArtifactRoutes::list(const Workspace& workspace,
                           std::string_view run_id,
                           const Request& request) {
    return page(
        workspace, run_id, request, [&](const Blob& blob) { return artifact_json(blob, run_id); });
}

Reply ArtifactRoutes::content_info(const Workspace& workspace,
                                   std::string_view run_id,
                                   const Request& request) {
    const auto blob = blob_of(workspace, run_id, request);
    auto url = artifacts_.blobs().blob_url(request.base_url, blob.key, "r");
    // azureml-mlflow, which asks run history, silently leaves out what has another address.
    if (!request.params.contains("container") && request.base_url.starts_with("https:"))
        url = with_account_in_host(request.base_url, blob.key.account, url);
    return Reply::of_json(content_info_json(url, run_id, path_of(request)));
}

Reply ArtifactRoutes::uri(const Workspace& workspace,
                          std::string_view run_id,
                          const Request& request) {
    const auto blob = blob_of(workspace, run_id, request);
    return Reply::of_json(artifacts_.blobs().blob_url(request.base_url, blob.key, "r"));
}

Reply ArtifactRoutes::prefix_info(const Workspace& workspace,
                                  std::string_view run_id,
                                  const Request& request) {
    return page(workspace, run_id, request, [&](const Blob& blob) {
        const auto url = artifacts_.blobs().blob_url(request.base_url, blob.key, "r");
        return content_info_json(url, run_id, RunArtifacts::path(blob, run_id));
    });
}

Reply ArtifactRoutes::metadata(const Workspace& workspace,
                               std::string_view run_id,
                               const Request& request) {
    return Reply::of_json(artifact_json(blob_of(workspace, run_id, request), run_id));
}

Reply ArtifactRoutes::content(const Workspace& workspace,
                              std::string_view run_id,
                              const Request& request) {
    const auto blob = blob_of(workspace, run_id, request);
    Reply reply;
    reply.headers.set("Content-Type", blob.content_type);
    reply.headers.set("ETag", blob.etag);
    reply.body = FileBody{artifacts_.blobs().store().path_of(blob.content), 0, blob.size};
    return reply;
}

Reply ArtifactRoutes::write(const Workspace& workspace,
                            std::string_view run_id,
                            const Request& request) {
    const auto& path = path_of(request);
    if (path.empty()) throw artifact_.bad_request(request, "The parameter 'path' is missing.");
    const auto key = RunArtifacts::key(workspace, run_id, path);
    artifacts_.blobs().ensure_container(key.account, key.container);
    return Reply::of_json(
        content_info_json(artifacts_.blobs().blob_url(request.base_url, key, "rcw"), run_id, path));
}

// The client writes the bytes itself, to the addresses in the reply. azureml-core, which asks the
// artifact service, takes the account from the host and speaks HTTPS to it whatever the address
// says.
Reply ArtifactRoutes::create_empty(const Workspace& workspace,
                                   std::string_view run_id,
                                   const Request& request) {
    auto artifacts = json::object();
    auto infos = json::object();
    const bool host_style =
        request.params.contains("container") && request.base_url.starts_with("https:");
    const auto body = request.json_body();
    const auto paths = body.value("paths", json::array());
    for (const auto& item : paths) {
        const auto path = item.is_object() ? text_at(item, "path") : "";
        if (path.empty()) throw history_.bad_request(request, "Every artifact needs a 'path'.");
        Blob blob;
        blob.key = RunArtifacts::key(workspace, run_id, path);
        blob.created = request.received;
        artifacts_.blobs().ensure_container(blob.key.account, blob.key.container);
        artifacts[path] = artifact_json(blob, run_id);
        auto url = artifacts_.blobs().blob_url(request.base_url, blob.key, "rcw");
        if (host_style) url = with_account_in_host(request.base_url, blob.key.account, url);
        infos[path] = content_info_json(url, run_id, path);
    }
    return Reply::of_json({{"artifacts", artifacts},
                           {"artifactContentInformation", infos},
                           {"errors", json::object()}});
}

asio::awaitable<Reply> ArtifactRoutes::upload(Workspace workspace,
                                              const Request& request,
                                              BodyReader& body) {
    const auto run_id = run_of(workspace, request);
    const auto& path = path_of(request);
    if (path.empty()) throw artifact_.bad_request(request, "The parameter 'path' is missing.");
    auto& store = artifacts_.blobs().store();
    Blob blob;
    blob.key = RunArtifacts::key(workspace, run_id, path);
    store.create_container(blob.key.account, blob.key.container);
    blob.content = store.new_content();
    const auto written = co_await receive_content(body, store.path_of(blob.content), context_.pool);
    blob.size = written.size;
    blob.content_md5 = written.md5;
    const auto stored = co_await store.put(std::move(blob), true);
    co_return Reply::of_json(artifact_json(*stored, run_id));
}

// The artifact's bytes are in the artifact store already: registering confirms them.
Reply ArtifactRoutes::register_artifact(const Workspace& workspace, const Request& request) {
    const auto body = request.json_body();
    const auto container = text_at(body, "container");
    const auto path = text_at(body, "path");
    const auto run =
        context_.runs.find(workspace.id, container.starts_with("dcid.") ? container.substr(5) : "");
    if (!run)
        throw artifact_.not_found(request,
                                  fmt::format("The container '{}' was not found.", container));
    const auto blob = artifacts_.blobs().store().find(RunArtifacts::key(workspace, run->id, path));
    if (!blob) {
        throw artifact_.bad_request(
            request, fmt::format("There is no blob for the artifact '{}'. Upload it first.", path));
    }
    return Reply::of_json(artifact_json(*blob, run->id));
}

Reply ArtifactRoutes::resolve_uris(const Workspace& workspace, const Request& request) {
    auto values = json::object();
    const auto body = request.json_body();
    for (const auto& id : body.value("values", json::array())) {
        if (!id.is_string())
            throw data_.bad_request(request, "values must be a list of asset ids.");
        auto resolved = resolve(workspace, id.get<std::string>());
        if (!resolved.is_null()) values[id.get<std::string>()] = std::move(resolved);
    }
    return Reply::of_json({{"values", values}});
}

// `…/data/azureml_{run}_output_data_{name}/versions/1`: where the run's output of that name lies.
json ArtifactRoutes::resolve(const Workspace& workspace, const std::string& asset_id) {
    const auto start = asset_id.find("/data/azureml_");
    const auto end = asset_id.find("/versions/");
    if (start == std::string::npos || end == std::string::npos) return nullptr;
    const auto name = asset_id.substr(start + 14, end - start - 14);
    for (const std::string_view direction : {"output", "input"}) {
        const auto mark = fmt::format("_{}_data_", direction);
        const auto cut = name.rfind(mark);
        if (cut == std::string::npos) continue;
        const auto run = context_.runs.find(workspace.id, name.substr(0, cut));
        const auto binding = name.substr(cut + mark.size());
        if (!run) return nullptr;
        const auto stores =
            fmt::format("azureml://subscriptions/{}/resourcegroups/{}/workspaces/{}/datastores",
                        workspace.subscription,
                        workspace.resource_group,
                        workspace.name);
        if (binding == "default") {
            return {
                {"uri",
                 fmt::format(
                     "{}/workspaceartifactstore/paths/ExperimentRun/dcid.{}/", stores, run->id)},
                {"type", "UriFolder"}};
        }
        const auto bindings =
            run->job.value(direction == "output" ? "outputs" : "inputs", json::object());
        if (!bindings.is_object() || !bindings.contains(binding)) return nullptr;
        auto uri = text_at(bindings[binding], "uri");
        if (uri.empty())
            uri =
                fmt::format("{}/workspaceblobstore/paths/azureml/{}/{}/", stores, run->id, binding);
        return {{"uri", uri}, {"type", "UriFolder"}};
    }
    return nullptr;
}

}  // namespace aml::emulator
