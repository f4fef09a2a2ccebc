#include "cli/place.hpp"

#include "async/run_blocking.hpp"
#include "azure/workspaces.hpp"
#include "local/this_computer.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "workspace/directory.hpp"
#include "workspace/workspace_binding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    for (std::size_t start = 0;;) {
        const auto slash = text.find('/', start);
        parts.emplace_back(text.substr(start, slash - start));
        if (slash == std::string_view::npos) return parts;
        start = slash + 1;
    }
}

std::string short_text(const azure::ResourceId& workspace) {
    return fmt::format("{}/{}", workspace.resource_group(), workspace.name());
}

std::string long_text(const azure::ResourceId& workspace) {
    return fmt::format("{}/{}", workspace.subscription(), short_text(workspace));
}

std::string joined(const std::vector<azure::ResourceId>& workspaces,
                   std::string (*text)(const azure::ResourceId&)) {
    std::string list;
    for (const auto& workspace : workspaces) {
        list += fmt::format("\n  {}", text(workspace));
    }
    return list;
}

asio::awaitable<void> add_workspaces(azure::Client& client,
                                     std::string subscription,
                                     std::vector<azure::ResourceId>& found,
                                     std::stop_token stop) {
    auto first =
        co_await azure::workspaces::list_by_subscription(client, std::move(subscription), stop);
    const auto workspaces = co_await azure::collect(std::move(first), stop);
    for (const auto& workspace : workspaces) {
        if (workspace.runs_jobs()) found.push_back(workspace.id);
    }
}

// What cannot be listed is said and hides nothing.
asio::awaitable<std::vector<azure::ResourceId>> visible_workspaces(Invocation& invocation,
                                                                   std::stop_token stop) {
    auto* connection = co_await invocation.access.connect(stop);
    const auto listing = co_await workspace::list_directory(*connection, stop);
    for (const auto& problem : listing.problems) {
        invocation.terminal.remark(localize("Tenant {}: {}", problem.tenant_name, problem.reason));
    }
    std::vector<azure::ResourceId> found;
    std::optional<Error> failure;
    for (const auto& subscription : listing.subscriptions) {
        if (!subscription.readable()) continue;
        try {
            co_await add_workspaces(connection->client, subscription.subscription_id, found, stop);
        } catch (const Error& error) {
            if (stop.stop_requested()) throw;
            failure = error;
            invocation.terminal.remark(
                localize("Subscription {}: {}", subscription.display_name, error.message()));
        }
    }
    if (failure && found.empty()) throw *failure;
    co_return found;
}

// The workspace of a run that was started on this machine.
asio::awaitable<std::optional<azure::ResourceId>> workspace_of_own_run(Invocation& invocation,
                                                                       std::string job_name) {
    const auto entries = co_await invocation.state.load(workspace::StateFile::LastRuns);
    for (const auto& [script, json] : entries) {
        const auto run = state::last_run_from_json(json);
        if (run && run->job_name == job_name) {
            co_return azure::ResourceId::parse(run->workspace_id);
        }
    }
    co_return std::nullopt;
}

}  // namespace

asio::awaitable<azure::ResourceId> find_workspace(Invocation& invocation,
                                                  std::string text,
                                                  std::stop_token stop) {
    if (text.starts_with('/')) {
        const auto id = azure::ResourceId::parse(text);
        if (id && same_name(id->type(), "workspaces")) co_return *id;
        throw Error(ErrorKind::Rejected, localize("'{}' is no ARM id of a workspace.", text));
    }
    const auto parts = split(text);
    const bool has_gap = std::any_of(
        parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); });
    if (has_gap || parts.size() > 3) {
        throw Error(ErrorKind::Rejected,
                    localize("'{}' cannot name a workspace: give NAME, GROUP/NAME, "
                             "SUBSCRIPTION/GROUP/NAME or an ARM id.",
                             text));
    }
    if (parts.size() == 3) co_return azure::ResourceId::workspace(parts[0], parts[1], parts[2]);
    const auto visible = co_await visible_workspaces(invocation, stop);
    std::vector<azure::ResourceId> meant;
    for (const auto& workspace : visible) {
        const auto& name = parts.size() == 1 ? workspace.name() : short_text(workspace);
        if (same_name(name, text)) meant.push_back(workspace);
    }
    if (meant.size() == 1) co_return meant.front();
    if (meant.empty()) {
        throw Error(
            ErrorKind::NotFound,
            visible.empty()
                ? localize("There is no workspace '{}' that you can see. You can see none.", text)
                : localize("There is no workspace '{}' that you can see. You can see:{}",
                           text,
                           joined(visible, short_text)));
    }
    throw Error(
        ErrorKind::Rejected,
        localize(
            "Several workspaces are called '{}'. Give one of:{}", text, joined(meant, long_text)));
}

asio::awaitable<std::optional<azure::ResourceId>> known_workspace(Invocation& invocation,
                                                                  std::filesystem::path folder,
                                                                  std::stop_token stop) {
    if (auto text = invocation.line.value("--workspace")) {
        co_return co_await find_workspace(invocation, std::move(*text), stop);
    }
    auto look = [folder = std::move(folder)] { return workspace::find_workspace_binding(folder); };
    const auto found = co_await async::run_blocking(invocation.state.pool(), std::move(look));
    if (!found) co_return std::nullopt;
    co_return found->workspace;
}

asio::awaitable<azure::ResourceId> any_workspace(Invocation& invocation, std::stop_token stop) {
    if (invocation.here) co_return local::this_computer();
    const auto known = co_await known_workspace(invocation, invocation.directory, stop);
    if (known) co_return *known;
    const auto visible = co_await visible_workspaces(invocation, stop);
    if (visible.size() == 1) co_return visible.front();
    if (visible.empty()) {
        throw Error(
            ErrorKind::NotFound,
            localize("You can see no workspace. Sign in as someone who can, or ask for access."));
    }
    throw Error(ErrorKind::Rejected,
                localize("Which workspace? Name it with --workspace, one of:{}",
                         joined(visible, short_text)));
}

asio::awaitable<azure::ResourceId> find_job(Invocation& invocation,
                                            std::string text,
                                            std::stop_token stop) {
    if (text.starts_with('/')) {
        const auto id = azure::ResourceId::parse(text);
        if (id && same_name(id->type(), "jobs")) co_return *id;
        throw Error(ErrorKind::Rejected, localize("'{}' is no ARM id of a job.", text));
    }
    if (!invocation.here && !invocation.line.value("--workspace")) {
        const auto own = co_await workspace_of_own_run(invocation, text);
        if (own) co_return own->child("jobs", text);
    }
    const auto workspace = co_await any_workspace(invocation, stop);
    co_return workspace.child("jobs", text);
}

asio::awaitable<azure::ResourceId> find_job(Invocation& invocation, std::stop_token stop) {
    return find_job(invocation, invocation.operand, std::move(stop));
}

}  // namespace aml::cli
