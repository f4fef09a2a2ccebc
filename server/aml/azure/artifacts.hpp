#pragma once

#include "azure/client.hpp"
#include "azure/page.hpp"
#include "support/secret.hpp"

#include <optional>
#include <string>

namespace aml::azure {

/// A file a run left: "outputs/model.pkl", "user_logs/std_log.txt".
struct Artifact {
    std::string path{};
    std::string created_at{};
};

/// An artifact with a read-only SAS address.
struct ArtifactContent {
    std::string path{};
    Secret content_uri{};
};

namespace artifacts {
/// Those of a run, below `path` (empty: all).
/// Source: `GET {api}/artifact/v2.0/…/artifacts/ExperimentRun/dcid.{run}`.
asio::awaitable<Page<Artifact>> list(
    Client& client, DataPlane plane, std::string run_id, std::string path, std::stop_token stop);
/// Source: `…/contentinfo?path=`.
asio::awaitable<std::optional<ArtifactContent>> content_info(
    Client& client, DataPlane plane, std::string run_id, std::string path, std::stop_token stop);
/// Every artifact below a prefix such as "outputs/".  Source: `…/prefix/contentinfo?path=`.
asio::awaitable<Page<ArtifactContent>> prefix_content_info(
    Client& client, DataPlane plane, std::string run_id, std::string prefix, std::stop_token stop);
}  // namespace artifacts

}  // namespace aml::azure
