#include "azure/codes.hpp"

#include "azure/page_reader.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

namespace aml::azure {
namespace {

using nlohmann::json;

constexpr auto hash_version = "202208";

std::string versions_path(const ResourceId& workspace, const std::string& name) {
    return fmt::format("{}/codes/{}/versions", workspace.to_string(), http::percent_encode(name));
}

CodeVersion read_version(const json& item) {
    const auto& properties = member(item, {"properties"});
    CodeVersion code;
    code.id = ResourceId::parse(text(item, "id")).value_or(ResourceId());
    code.name = code.id.name_of("codes");
    code.version = code.id.name_of("versions");
    code.code_uri = text(properties, "codeUri");
    code.hash = text(member(properties, {"properties"}), "hash_sha256");
    return code;
}

}  // namespace

asio::awaitable<std::optional<CodeVersion>> codes::find_by_hash(Client& client,
                                                                ResourceId workspace,
                                                                std::string name,
                                                                std::string hash,
                                                                std::stop_token stop) {
    const Query query{{"hash", hash}, {"hashVersion", hash_version}};
    auto request = client.arm(http::Method::Get,
                              localize("look for the code snapshot"),
                              versions_path(workspace, name),
                              client.ml_api_version(),
                              query);
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    if (!answer) co_return std::nullopt;
    for (const auto& item : member(answer->body, {"value"})) {
        auto code = read_version(item);
        if (!code.id.empty() && (code.hash.empty() || code.hash == hash)) co_return code;
    }
    co_return std::nullopt;
}

asio::awaitable<std::optional<CodeVersion>> codes::find(Client& client,
                                                        ResourceId version,
                                                        std::stop_token stop) {
    auto request = client.arm(http::Method::Get,
                              localize("read the code snapshot"),
                              version.to_string(),
                              client.ml_api_version());
    const auto answer = co_await client.find(std::move(request), std::move(stop));
    co_return answer ? std::optional(read_version(answer->body)) : std::nullopt;
}

asio::awaitable<PendingUpload> codes::start_pending_upload(Client& client,
                                                           ResourceId workspace,
                                                           std::string name,
                                                           std::string version,
                                                           std::stop_token stop) {
    auto request =
        client.arm(http::Method::Post,
                   localize("prepare the upload"),
                   fmt::format("{}/{}/startPendingUpload", versions_path(workspace, name), version),
                   client.ml_api_version());
    // Repeating it only makes one more empty container.
    request.repeat = http::Repeat::Safe;
    const json body = {{"pendingUploadType", "TemporaryBlobReference"}};
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    const auto& blob = member(answer.body, {"blobReferenceForConsumption"});
    PendingUpload upload;
    upload.blob_uri = text(blob, "blobUri");
    if (upload.blob_uri.empty()) {
        throw Error(ErrorKind::AzureFailed,
                    localize("Cannot prepare the upload: Azure gave no address to upload to."));
    }
    const auto signed_uri = text(member(blob, {"credential"}), "sasUri");
    upload.container = {Secret(signed_uri.empty() ? upload.blob_uri : signed_uri),
                        workspace.subscription()};
    co_return upload;
}

asio::awaitable<CodeVersion> codes::create_or_update(Client& client,
                                                     ResourceId workspace,
                                                     std::string name,
                                                     std::string version,
                                                     CodeSpec spec,
                                                     std::stop_token stop) {
    auto request = client.arm(http::Method::Put,
                              localize("register the code snapshot"),
                              fmt::format("{}/{}", versions_path(workspace, name), version),
                              client.ml_api_version());
    const json hashes = {{"hash_sha256", spec.hash}, {"hash_version", hash_version}};
    const json properties = {{"codeUri", spec.code_uri},
                             {"isAnonymous", true},
                             {"isArchived", false},
                             {"properties", hashes}};
    const json body = {{"properties", properties}};
    set_json(request, body);
    const auto answer = co_await client.send(std::move(request), std::move(stop));
    co_return read_version(answer.body);
}

}  // namespace aml::azure
