#include "features/workspace_feature.hpp"

#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/uri.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "wizard/wizard_draft.hpp"
#include "wizard/wizard_memory.hpp"
#include "wizard/wizard_workspace.hpp"
#include "workspace/workspace_binding.hpp"

#include <algorithm>
#include <utility>

namespace aml::features {
namespace {

bool contains(const std::filesystem::path& folder, const std::filesystem::path& file) {
    const auto relative = file.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

WorkspaceFeature::WorkspaceFeature(Services& services, AccountFeature& account, UiFeature& ui)
    : services_(services),
      account_(account),
      ui_(ui) {}

void WorkspaceFeature::bind(rpc::Router& router, CommandsFeature& commands) {
    router.request<protocol::MlWorkspace>(this, &WorkspaceFeature::workspace);
    router.notification<protocol::WorkspaceDidChangeWorkspaceFolders>(
        this, &WorkspaceFeature::did_change_folders);
    commands.add("azureml.selectWorkspace",
                 [this](CommandCall call) { return select(std::move(call)); });
}

std::filesystem::path WorkspaceFeature::folder_of(const std::filesystem::path& file) const {
    std::filesystem::path best;
    for (const auto& folder : services_.folders) {
        if (contains(folder, file) && folder.native().size() > best.native().size()) best = folder;
    }
    return best.empty() ? file.parent_path() : best;
}

asio::awaitable<std::optional<azure::ResourceId>> WorkspaceFeature::workspace_for(
    std::filesystem::path file, std::stop_token stop) {
    auto looking = [file] { return workspace::find_workspace_binding(file); };
    const auto found = co_await async::run_blocking(services_.pool, std::move(looking));
    if (found) co_return found->workspace;
    const auto chosen = co_await ask(folder_of(file), stop);
    if (!chosen) co_return std::nullopt;
    co_await bind_folder(file, *chosen);
    co_return chosen;
}

asio::awaitable<std::optional<azure::ResourceId>> WorkspaceFeature::current() {
    if (services_.folders.empty()) co_return std::nullopt;
    auto looking = [folder = services_.folders.front()] {
        return workspace::find_workspace_binding(folder);
    };
    try {
        const auto found = co_await async::run_blocking(services_.pool, std::move(looking));
        if (found) co_return found->workspace;
    } catch (const Error& error) {
        // Whoever needs the workspace is told; a status bar is not the place for it.
        services_.log.info("{}", error.message());
    }
    co_return std::nullopt;
}

asio::awaitable<void> WorkspaceFeature::use(azure::ResourceId workspace) {
    return bind_folder(services_.folders.front(), std::move(workspace));
}

asio::awaitable<void> WorkspaceFeature::tell_if_changed() {
    auto now = co_await describe_current();
    if (now == reported_) co_return;
    reported_ = now;
    services_.client.notify<protocol::MlDidChangeWorkspace>(std::move(now));
}

asio::awaitable<protocol::CurrentWorkspace> WorkspaceFeature::workspace(protocol::NoParams,
                                                                        rpc::RequestContext&) {
    auto now = co_await describe_current();
    reported_ = now;
    co_return now;
}

asio::awaitable<protocol::CurrentWorkspace> WorkspaceFeature::describe_current() {
    protocol::CurrentWorkspace now;
    const auto id = co_await current();
    if (!id) co_return now;
    protocol::WorkspaceInfo info{.id = id->to_string(), .name = id->name()};
    info.subscription = id->subscription();
    info.resourceGroup = id->resource_group();
    const auto session = services_.session();
    const auto known = session->catalog.known_subscriptions();
    if (known) {
        for (const auto& subscription : *known) {
            const bool same = same_name(subscription.subscription_id, id->subscription());
            if (same) info.subscription = subscription.display_name;
        }
    }
    now.workspace = std::move(info);
    co_return now;
}

void WorkspaceFeature::did_change_folders(protocol::DidChangeWorkspaceFoldersParams params) {
    for (const auto& removed : params.event.removed) {
        if (removed.uri.starts_with("file:"))
            std::erase(services_.folders, path_of_uri(removed.uri));
    }
    for (const auto& added : params.event.added) {
        if (added.uri.starts_with("file:")) services_.folders.push_back(path_of_uri(added.uri));
    }
    services_.tasks.spawn(tell_if_changed());
}

asio::awaitable<protocol::Json> WorkspaceFeature::select(CommandCall call) {
    if (services_.folders.empty()) {
        throw Error(ErrorKind::Rejected,
                    localize("Open a folder first: the workspace is remembered in it."));
    }
    const auto folder = services_.folders.front();
    const auto chosen = co_await ask(folder, call.stop());
    if (!chosen) co_return protocol::Json();
    co_await bind_folder(folder, *chosen);
    co_return protocol::Json(chosen->to_string());
}

asio::awaitable<std::optional<azure::ResourceId>> WorkspaceFeature::ask(
    std::filesystem::path folder, std::stop_token stop) {
    co_await account_.require_sign_in(stop);
    const auto session = services_.session();
    wizard::WizardTools tools{session->catalog, services_.state(), ui_};
    wizard::WizardDraft draft;
    draft.folder = folder;
    draft.remembered = co_await wizard::recall_choices(services_.state(), folder);
    const auto workspace = co_await current();
    if (workspace) {
        draft.subscription_id = workspace->subscription();
        draft.workspace = *workspace;
    }
    co_return co_await wizard::ask_for_workspace(tools, draft, stop);
}

asio::awaitable<void> WorkspaceFeature::bind_folder(std::filesystem::path folder,
                                                    azure::ResourceId workspace) {
    auto writing = [folder, workspace] {
        workspace::write_workspace_binding(workspace::workspace_binding_file(folder), workspace);
    };
    co_await async::run_blocking(services_.pool, std::move(writing));
    co_await tell_if_changed();
    // Lenses name the workspace, so the editor asks for them when it has heard of it.
    services_.refresh_lenses();
}

}  // namespace aml::features
