#include "azure/workspaces.hpp"
#include "cli/commands.hpp"
#include "cli/confirm.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "cli/table.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "workspace/directory.hpp"
#include "workspace/new_workspace.hpp"
#include "workspace/removal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr OptionSpec subscription_option{
    "--subscription",
    "SUBSCRIPTION",
    Localizable("Name or id of the subscription; needed when you can see several.")};
constexpr std::array create_workspace_options{
    OptionSpec{"--resource-group",
               "GROUP",
               Localizable("The resource group it goes into; made if there is none yet.")},
    OptionSpec{"--location",
               "REGION",
               Localizable("The region, such as westeurope; that of the group unless told.")},
    subscription_option,
};
constexpr std::array list_workspaces_options{subscription_option};
constexpr std::array delete_workspace_options{
    OptionSpec{
        "--permanently",
        "",
        Localizable("Also where Azure would keep it for 14 days: its name is free at once.")},
    yes_option,
};

nlohmann::json workspace_json(const azure::Workspace& workspace) {
    return {{"name", workspace.name},
            {"resourceGroup", workspace.id.resource_group()},
            {"subscription", workspace.id.subscription()},
            {"location", workspace.location},
            {"kind", workspace.kind},
            {"provisioningState", workspace.provisioning_state},
            {"id", workspace.id.to_string()}};
}

/// The subscriptions that can be used, or the one of --subscription. Throws: NotFound.
asio::awaitable<std::vector<azure::Subscription>> meant_subscriptions(Invocation& invocation,
                                                                      std::stop_token stop) {
    auto* connection = co_await invocation.access.connect(stop);
    const auto listing = co_await workspace::list_directory(*connection, std::move(stop));
    for (const auto& problem : listing.problems)
        invocation.terminal.remark(localize("Tenant {}: {}", problem.tenant_name, problem.reason));
    const auto wanted = invocation.line.value("--subscription");
    std::vector<azure::Subscription> meant;
    std::string known;
    for (const auto& subscription : listing.subscriptions) {
        if (!subscription.readable()) continue;
        known +=
            fmt::format("\n  {} ({})", subscription.display_name, subscription.subscription_id);
        if (!wanted || same_name(*wanted, subscription.display_name) ||
            same_name(*wanted, subscription.subscription_id))
            meant.push_back(subscription);
    }
    if (!meant.empty()) co_return meant;
    throw Error(
        ErrorKind::NotFound,
        wanted && !known.empty()
            ? localize(
                  "There is no subscription '{}' that you can see. You can see:{}", *wanted, known)
            : localize("You can see no subscription. Sign in as someone who can, or ask "
                       "for access."));
}

/// Throws: Rejected when several are meant.
asio::awaitable<std::string> one_subscription(Invocation& invocation, std::stop_token stop) {
    const auto meant = co_await meant_subscriptions(invocation, std::move(stop));
    if (meant.size() == 1) co_return meant.front().subscription_id;
    std::string all;
    for (const auto& subscription : meant)
        all += fmt::format("\n  {} ({})", subscription.display_name, subscription.subscription_id);
    throw Error(
        ErrorKind::Rejected,
        localize("Which subscription? Name it with --subscription, by its id, one of:{}", all));
}

/// Throws: InvalidParams (no group), as `one_subscription`, and what creating throws.
asio::awaitable<ExitCode> create_workspace(Invocation& invocation, std::stop_token stop) {
    workspace::NewWorkspace wanted{.name = invocation.operand};
    const auto group = invocation.line.value("--resource-group");
    if (!group) {
        throw Error(ErrorKind::InvalidParams,
                    localize("Name the resource group it shall go into: --resource-group GROUP."));
    }
    wanted.group = *group;
    wanted.location = invocation.line.value("--location").value_or(std::string());
    wanted.subscription = co_await one_subscription(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    auto& terminal = invocation.terminal;
    const auto title = localize("Creating workspace {}", wanted.name);
    workspace::OnStage show = [&terminal, title](const std::string& stage) {
        const auto line = localize("{}: {} …", title, stage);
        if (terminal.live_shows()) {
            terminal.live(line);
        } else {
            terminal.remark(line);
        }
    };
    const auto made = co_await workspace::create_workspace(
        connection->client, std::move(wanted), std::move(show), std::move(stop));
    terminal.live("");
    terminal.value(workspace_json(made));
    terminal.line(localize("The workspace {} is ready to be used: aml run --workspace {}/{}",
                           made.name,
                           made.id.resource_group(),
                           made.name));
    co_return ExitCode::Completed;
}

/// Throws: as `meant_subscriptions`; when nothing could be listed, why.
asio::awaitable<ExitCode> list_workspaces(Invocation& invocation, std::stop_token stop) {
    const auto subscriptions = co_await meant_subscriptions(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    auto& terminal = invocation.terminal;
    Table table(
        {localize("NAME"), localize("GROUP"), localize("REGION"), localize("SUBSCRIPTION")});
    std::size_t count = 0;
    std::optional<Error> failure;
    for (const auto& subscription : subscriptions) {
        try {
            auto first = co_await azure::workspaces::list_by_subscription(
                connection->client, subscription.subscription_id, stop);
            const auto found = co_await azure::collect(std::move(first), stop);
            for (const auto& workspace : found) {
                ++count;
                terminal.value(workspace_json(workspace));
                table.add({workspace.name,
                           workspace.id.resource_group(),
                           workspace.location,
                           subscription.display_name});
            }
        } catch (const Error& error) {
            if (stop.stop_requested()) throw;
            failure = error;
            terminal.remark(
                localize("Subscription {}: {}", subscription.display_name, error.message()));
        }
    }
    if (failure && count == 0) throw *failure;
    if (count == 0) {
        terminal.remark(
            localize("You can see no workspace. 'aml workspace create NAME' makes one."));
        co_return ExitCode::Completed;
    }
    for (const auto& line : table.lines()) terminal.line(line);
    co_return ExitCode::Completed;
}

/// Throws: as `find_workspace`; Conflict (a lock), and what deleting throws.
asio::awaitable<ExitCode> delete_workspace(Invocation& invocation, std::stop_token stop) {
    const auto id = co_await find_workspace(invocation, invocation.operand, stop);
    auto* connection = co_await invocation.access.connect(stop);
    const auto deletion = invocation.line.has("--permanently") ? azure::Deletion::Permanent
                                                               : azure::Deletion::Recoverable;
    auto& terminal = invocation.terminal;
    if (!invocation.line.has("--yes")) {
        const auto contents = co_await workspace::contents_of(connection->client, id, stop);
        auto question = workspace::removal_question(contents, deletion);
        auto go_ahead = localize("Delete workspace");
        const bool agreed =
            co_await confirm(invocation, std::move(question), std::move(go_ahead), stop);
        if (!agreed) {
            terminal.remark(localize("Nothing was deleted."));
            co_return ExitCode::Cancelled;
        }
    }
    terminal.live(localize("Deleting workspace {}", id.name()));
    co_await azure::workspaces::remove(
        connection->client, id, deletion, azure::OnOperationProgress(), std::move(stop));
    terminal.live("");
    terminal.value({{"id", id.to_string()}, {"name", id.name()}, {"deleted", true}});
    terminal.line(localize("The workspace {} is deleted.", id.name()));
    co_return ExitCode::Completed;
}

}  // namespace

const Command workspace_create_command{
    .name = "workspace create",
    .operand = "NAME",
    .operand_required = true,
    .summary = Localizable("Create a workspace, with all it depends on"),
    .description = Localizable("A storage account, a key vault and Application Insights are made "
                               "with it.\nReturns once it can be used, after a minute or two."),
    .options = create_workspace_options,
    .handler = create_workspace};

const Command workspace_list_command{.name = "workspace list",
                                     .summary = Localizable("List the workspaces you can see"),
                                     .options = list_workspaces_options,
                                     .handler = list_workspaces};

const Command workspace_delete_command{
    .name = "workspace delete",
    .operand = "NAME",
    .operand_required = true,
    .summary = Localizable("Delete a workspace, with all it holds"),
    .description =
        Localizable("NAME may also be GROUP/NAME, SUBSCRIPTION/GROUP/NAME or its ARM id. Says\n"
                    "what goes and asks first. What it depends on, such as its storage\n"
                    "account, stays."),
    .options = delete_workspace_options,
    .handler = delete_workspace};

}  // namespace aml::cli
