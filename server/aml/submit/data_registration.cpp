#include "submit/data_registration.hpp"

#include "async/run_blocking.hpp"
#include "azure/assets.hpp"
#include "runconfig/asset_reference.hpp"
#include "submit/known_ids.hpp"
#include "submit/local_upload.hpp"
#include "submit/submit_context.hpp"
#include "submit/submit_reporter.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/scope_exit.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace aml::submit {
namespace {

namespace fs = std::filesystem;

/// Blocking. Throws: NotFound.
bool is_folder(const fs::path& path) {
    std::error_code problem;
    const auto status = fs::status(path, problem);
    if (!fs::exists(status))
        throw Error(ErrorKind::NotFound, localize("There is no file or folder {}.", path.string()));
    return fs::is_directory(status);
}

/// With the workspace in it, so that it can be read from anywhere.
std::string address_of(const azure::ResourceId& workspace, const Uploaded& uploaded, bool folder) {
    return fmt::format(
        "azureml://subscriptions/{}/resourcegroups/{}/workspaces/{}/datastores/{}/paths/{}{}",
        workspace.subscription(),
        workspace.resource_group(),
        workspace.name(),
        uploaded.datastore.name,
        uploaded.path,
        folder ? "/" : "");
}

}  // namespace

std::string RegisteredData::reference() const {
    return fmt::format("azureml:{}:{}", name, version);
}

std::string proposed_data_name(const fs::path& path) {
    auto name = (path.has_filename() ? path : path.parent_path()).stem().string();
    for (auto& letter : name) {
        const std::string_view one(&letter, 1);
        if (letter != '_' && letter != '-' &&
            runconfig::name_problem(runconfig::NameKind::Data, one))
            letter = '_';
    }
    if (runconfig::name_problem(runconfig::NameKind::Data, name)) name = "data" + name;
    return name;
}

asio::awaitable<RegisteredData> register_data(DataTools tools,
                                              azure::ResourceId workspace,
                                              NewDataAsset asset,
                                              OnSubmitProgress on_progress,
                                              std::stop_token stop) {
    if (auto problem = runconfig::name_problem(runconfig::NameKind::Data, asset.name))
        throw Error(ErrorKind::Rejected, std::move(*problem));
    auto look = [path = asset.path] { return is_folder(path); };
    const bool folder = co_await async::run_blocking(tools.state.pool(), std::move(look));
    auto loop = co_await asio::this_coro::executor;
    const auto reporter =
        std::make_shared<SubmitReporter>(std::move(loop), tools.clock, std::move(on_progress));
    // Reads that are still on the pool must not report to a caller that has gone.
    const ScopeExit closing([reporter] { reporter->close(); });
    auto known = co_await KnownIds::load(tools.state, tools.client.cloud().arm, workspace);
    SubmitContext context{tools.client, tools.state, tools.random, known, reporter, workspace, {}};
    LocalData local{.path = asset.path};
    const auto uploaded = co_await upload_local(context, std::move(local), stop);
    const auto existing =
        co_await azure::data::find_container(tools.client, workspace, asset.name, stop);
    RegisteredData registered{.name = std::move(asset.name), .version = "1"};
    if (existing && !existing->next_version.empty()) registered.version = existing->next_version;
    registered.type = folder ? "uri_folder" : "uri_file";
    azure::DataSpec spec{.uri = address_of(workspace, uploaded, folder)};
    spec.type = registered.type;
    spec.description = std::move(asset.description);
    co_await azure::data::create_or_update(tools.client,
                                           workspace,
                                           registered.name,
                                           registered.version,
                                           std::move(spec),
                                           std::move(stop));
    co_return registered;
}

}  // namespace aml::submit
