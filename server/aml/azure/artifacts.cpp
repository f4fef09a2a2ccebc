#include "azure/artifacts.hpp"

#include "azure/page_reader.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

namespace aml::azure {
namespace {

using nlohmann::json;

http::Request artifact_request(const Client& client,
                               const DataPlane& plane,
                               const std::string& run_id,
                               std::string_view rest,
                               const std::string& path) {
    return client.data(
        http::Method::Get,
        localize("read the run's files"),
        plane,
        "artifact/v2.0",
        fmt::format("/artifacts/ExperimentRun/dcid.{}{}", http::percent_encode(run_id), rest),
        {{"path", path}});
}

Artifact read_artifact(const json& item) {
    Artifact artifact;
    artifact.path = text(item, "path");
    artifact.created_at = text(item, "createdTime");
    return artifact;
}

ArtifactContent read_content(const json& item) {
    ArtifactContent content;
    content.path = text(item, "path");
    content.content_uri = Secret(text(item, "contentUri"));
    return content;
}

}  // namespace

asio::awaitable<Page<Artifact>> artifacts::list(
    Client& client, DataPlane plane, std::string run_id, std::string path, std::stop_token stop) {
    auto request = artifact_request(client, plane, run_id, "", path);
    return data_page<Artifact>(client, std::move(request), nullptr, read_artifact, std::move(stop));
}

asio::awaitable<std::optional<ArtifactContent>> artifacts::content_info(
    Client& client, DataPlane plane, std::string run_id, std::string path, std::stop_token stop) {
    auto request = artifact_request(client, plane, run_id, "/contentinfo", path);
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    co_return read_content(answer->body);
}

asio::awaitable<Page<ArtifactContent>> artifacts::prefix_content_info(
    Client& client, DataPlane plane, std::string run_id, std::string prefix, std::stop_token stop) {
    auto request = artifact_request(client, plane, run_id, "/prefix/contentinfo", prefix);
    return data_page<ArtifactContent>(
        client, std::move(request), nullptr, read_content, std::move(stop));
}

}  // namespace aml::azure
