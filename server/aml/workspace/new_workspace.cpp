#include "workspace/new_workspace.hpp"

#include "azure/subscriptions.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace aml::workspace {
namespace {

void check_names(const NewWorkspace& wanted) {
    for (const auto& problem : {azure::workspace_name_problem(wanted.name),
                                azure::resource_group_name_problem(wanted.group)}) {
        if (!problem.empty()) throw Error(ErrorKind::Rejected, problem);
    }
}

/// Where the workspace goes; makes the group when it does not exist.
asio::awaitable<std::string> prepare_group(azure::Client& client,
                                           NewWorkspace wanted,
                                           OnStage on_stage,
                                           std::stop_token stop) {
    const auto known =
        co_await azure::resource_groups::find(client, wanted.subscription, wanted.group, stop);
    if (known) co_return wanted.location.empty() ? known->location : wanted.location;
    if (wanted.location.empty()) {
        throw Error(ErrorKind::Rejected,
                    localize("There is no resource group {} yet: name the region it shall be in, "
                             "such as westeurope.",
                             wanted.group));
    }
    on_stage(localize("resource group {}", wanted.group));
    co_await azure::resource_groups::create(
        client, wanted.subscription, wanted.group, wanted.location, std::move(stop));
    co_return wanted.location;
}

/// The time in eight digits, for names that are unique in all of Azure.
std::string new_suffix(async::Clock::TimePoint now) {
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    auto time = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
    std::string suffix(8, '0');
    for (auto digit = suffix.rbegin(); digit != suffix.rend(); ++digit, time /= digits.size())
        *digit = digits[time % digits.size()];
    return suffix;
}

}  // namespace

asio::awaitable<azure::Workspace> create_workspace(azure::Client& client,
                                                   NewWorkspace wanted,
                                                   OnStage on_stage,
                                                   std::stop_token stop) {
    check_names(wanted);
    const auto id = azure::ResourceId::workspace(wanted.subscription, wanted.group, wanted.name);
    const auto known = co_await azure::workspaces::find(client, id, stop);
    if (known) {
        throw Error(ErrorKind::Rejected,
                    localize("The resource group {} already has a workspace named {}. Choose "
                             "another name.",
                             wanted.group,
                             known->name));
    }
    azure::WorkspaceSpec spec;
    spec.suffix = new_suffix(client.clock().now());
    spec.location = co_await prepare_group(client, wanted, on_stage, stop);
    on_stage(
        localize("storage account, key vault, logs and the workspace itself; a minute or two"));
    co_return co_await azure::workspaces::create(
        client, id, std::move(spec), azure::OnOperationProgress(), std::move(stop));
}

}  // namespace aml::workspace
