#include "features/data_feature.hpp"

#include "async/linked_stop.hpp"
#include "features/asset_news.hpp"
#include "features/azure_session.hpp"
#include "features/uri.hpp"
#include "runconfig/asset_reference.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "tree/tree_node.hpp"

#include <utility>
#include <variant>

namespace aml::features {
namespace {

namespace fs = std::filesystem;

/// The workspace whose row the command was used on.
std::optional<azure::ResourceId> workspace_of_row(const CommandCall& call) {
    const auto row = call.optional_text();
    const auto address = row ? tree::parse_address(*row) : std::nullopt;
    return address ? std::optional(address->workspace) : std::nullopt;
}

}  // namespace

DataFeature::DataFeature(Services& services,
                         AccountFeature& account,
                         UiFeature& ui,
                         ProgressFeature& progress,
                         WorkspaceFeature& workspaces)
    : services_(services),
      account_(account),
      ui_(ui),
      progress_(progress),
      workspaces_(workspaces) {}

void DataFeature::bind(CommandsFeature& commands) {
    commands.add("azureml.data.create",
                 [this](CommandCall call) { return create(std::move(call)); });
}

asio::awaitable<protocol::Json> DataFeature::create(CommandCall call) {
    const auto path = co_await path_of(call);
    if (!path) co_return protocol::Json();
    auto workspace = workspace_of_row(call);
    if (!workspace) {
        const auto found = co_await workspaces_.workspace_for(*path, call.stop());
        if (!found) co_return protocol::Json();
        workspace = found;
    }
    co_await account_.require_sign_in(call.stop());
    auto name = co_await ask_name(*path, call.stop());
    if (!name) co_return protocol::Json();
    const auto session = services_.session();
    auto* connection = co_await session->access.connect(call.stop());
    auto progress = progress_.begin(localize("Creating data asset {}", *name),
                                    ProgressFeature::Cancel::Offered,
                                    call.context.progress_token());
    const async::LinkedStop either(call.stop(), progress.stop_token());
    submit::OnSubmitProgress show = [&progress](const submit::SubmitProgress& step) {
        progress.report(step.message, step.percent);
    };
    const submit::DataTools tools{
        connection->client, services_.state(), services_.random, services_.clock};
    submit::NewDataAsset asset{.name = std::move(*name), .path = *path};
    const auto made = co_await submit::register_data(
        tools, *workspace, std::move(asset), std::move(show), either.token());
    session->catalog.forget_data(*workspace);
    auto reference = made.reference();
    services_.tasks.spawn(announce(*workspace, made));
    co_return protocol::Json(std::move(reference));
}

asio::awaitable<std::optional<fs::path>> DataFeature::path_of(const CommandCall& call) {
    const auto given = call.optional_text();
    if (given && is_file_uri(*given)) co_return path_of_uri(*given);
    protocol::PickFolderParams question{.title = localize("Folder of the data asset"),
                                        .openLabel = localize("Use this folder")};
    const auto chosen =
        co_await services_.client.request<protocol::UiPickFolder>(std::move(question), call.stop());
    if (!chosen.uri) co_return std::nullopt;
    co_return path_of_uri(*chosen.uri);
}

asio::awaitable<std::optional<std::string>> DataFeature::ask_name(const fs::path& path,
                                                                  std::stop_token stop) {
    ui::InputQuestion question{.title = localize("Create a data asset")};
    question.prompt = localize("Name of the data asset; a name that exists gets another version");
    question.value = submit::proposed_data_name(path);
    question.validate = [](const std::string& name) {
        return runconfig::name_problem(runconfig::NameKind::Data, trimmed_view(name));
    };
    const auto answer = co_await ui_.input(std::move(question), std::move(stop));
    const auto* entered = std::get_if<ui::Entered>(&answer);
    if (entered == nullptr) co_return std::nullopt;
    co_return trimmed(entered->value);
}

asio::awaitable<void> DataFeature::announce(azure::ResourceId workspace,
                                            submit::RegisteredData data) {
    AssetNews news{.workspace = std::move(workspace), .folder = tree::row_kind::data_assets};
    news.collection = "data";
    news.text = localize(
        "Registered {} as a data asset. An input reads it as {}.", data.name, data.reference());
    news.show_button = localize("Show data asset");
    news.name = std::move(data.name);
    news.version = std::move(data.version);
    co_await announce_asset(services_, ui_, std::move(news));
}

}  // namespace aml::features
