#pragma once

#include "core/context.hpp"
#include "data/data_routes.hpp"
#include "data/run_json.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace aml::emulator {

/// Artifacts by origin and container (artifact v2.0), the same of one run below run history, and
/// the addresses of data assets (data v1.0). Source: `artifact.json` of Azure's OpenAPI
/// descriptions.
class ArtifactRoutes final {
public:
    ArtifactRoutes(Context& context, Router& router, RunArtifacts& artifacts);

    void add_routes();

private:
    using Handler = std::function<Reply(const Workspace&, std::string_view run_id, const Request&)>;
    using Describe = std::function<json(const Blob&)>;

    /// A reading operation of the artifact service and of run history, with the artifact's path in
    /// the query or, as in the interfaces of 2019, at the end of the path.
    void add(std::string_view suffix, Handler handler);
    /// The run that the container `dcid.{run}` or the path names. Throws: Refused (404).
    std::string run_of(const Workspace& workspace, const Request& request) const;
    Blob blob_of(const Workspace& workspace, std::string_view run_id, const Request& request);

    /// One page of a run's artifacts.
    Reply page(const Workspace& workspace,
               std::string_view run_id,
               const Request& request,
               const Describe& describe);
    Reply list(const Workspace& workspace, std::string_view run_id, const Request& request);
    Reply content_info(const Workspace& workspace, std::string_view run_id, const Request& request);
    Reply uri(const Workspace& workspace, std::string_view run_id, const Request& request);
    Reply prefix_info(const Workspace& workspace, std::string_view run_id, const Request& request);
    Reply metadata(const Workspace& workspace, std::string_view run_id, const Request& request);
    Reply content(const Workspace& workspace, std::string_view run_id, const Request& request);
    Reply write(const Workspace& workspace, std::string_view run_id, const Request& request);
    Reply create_empty(const Workspace& workspace, std::string_view run_id, const Request& request);
    asio::awaitable<Reply> upload(Workspace workspace, const Request& request, BodyReader& body);
    Reply register_artifact(const Workspace& workspace, const Request& request);
    Reply resolve_uris(const Workspace& workspace, const Request& request);
    json resolve(const Workspace& workspace, const std::string& asset_id);

    Context& context_;
    RunArtifacts& artifacts_;
    DataRoutes artifact_;
    DataRoutes history_;
    DataRoutes data_;
};

}  // namespace aml::emulator
