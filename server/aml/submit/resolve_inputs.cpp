#include "azure/assets.hpp"
#include "runconfig/run_configuration.hpp"
#include "submit/job_references.hpp"
#include "submit/local_upload.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <string_view>
#include <utility>

namespace aml::submit {
namespace {

bool is_model(std::string_view type) {
    return type.find("model") != std::string_view::npos;
}

bool is_address(std::string_view path) {
    return path.find("://") != std::string_view::npos;
}

asio::awaitable<std::string> find_latest_asset(SubmitContext& context,
                                               std::string collection,
                                               std::string name,
                                               std::stop_token stop) {
    azure::Page<azure::AssetVersion> page;
    if (collection == "models") {
        page = co_await azure::models::list_versions(context.client, context.workspace, name, stop);
    } else {
        page = co_await azure::data::list_versions(context.client, context.workspace, name, stop);
    }
    if (page.items.empty()) {
        throw Error(
            ErrorKind::NotFound,
            collection == "models"
                ? localize(
                      "There is no model {} in the workspace {}.", name, context.workspace.name())
                : localize("There is no data asset {} in the workspace {}.",
                           name,
                           context.workspace.name()));
    }
    co_return std::move(page.items.front().id);
}

asio::awaitable<std::string> resolve_reference(SubmitContext& context,
                                               std::string input,
                                               runconfig::DataInput data,
                                               std::stop_token stop) {
    const std::string collection = is_model(data.type) ? "models" : "data";
    auto parsed = runconfig::parse_asset_reference(data.path, collection);
    if (const auto* bad = std::get_if<runconfig::BadReference>(&parsed)) {
        throw Error(ErrorKind::Rejected, localize("inputs.{}.path: {}", input, bad->message));
    }
    const auto& reference = std::get<runconfig::AssetReference>(parsed);
    if (reference.kind != runconfig::AssetReference::Kind::Workspace) co_return reference.text;
    if (reference.version) {
        co_return context.workspace.child(collection, reference.name)
            .child("versions", *reference.version)
            .to_string();
    }
    if (reference.label && *reference.label != "latest") {
        throw Error(
            ErrorKind::Rejected,
            localize("inputs.{}.path: only @latest can be looked up, not @{}. Name a version.",
                     input,
                     *reference.label));
    }
    co_return co_await find_latest_asset(context, collection, reference.name, std::move(stop));
}

asio::awaitable<std::string> upload_input(SubmitContext& context,
                                          runconfig::DataInput data,
                                          std::filesystem::path file,
                                          std::stop_token stop) {
    auto address = co_await upload_local(context,
                                         runconfig::local_path(file, data.path),
                                         std::move(data.datastore),
                                         std::move(stop));
    if (data.type == "uri_folder") address += '/';
    co_return address;
}

}  // namespace

asio::awaitable<std::map<std::string, std::string>> resolve_inputs(
    SubmitContext& context,
    std::map<std::string, runconfig::Input> inputs,
    std::filesystem::path file,
    std::stop_token stop) {
    std::map<std::string, std::string> uris;
    for (const auto& [name, input] : inputs) {
        const auto* data = std::get_if<runconfig::DataInput>(&input);
        if (data == nullptr || is_address(data->path)) continue;
        if (runconfig::is_local(data->path)) {
            auto uri = co_await upload_input(context, *data, file, stop);
            uris[name] = std::move(uri);
            continue;
        }
        auto uri = co_await resolve_reference(context, name, *data, stop);
        uris[name] = std::move(uri);
    }
    co_return uris;
}

}  // namespace aml::submit
