#include "workspace/removal.hpp"

#include "azure/assets.hpp"
#include "azure/resource_id.hpp"
#include "azure/run_history.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::workspace {
namespace {

constexpr std::size_t most_counted = 1000;

/// The items of a list; absent when it cannot be read.
template <typename T>
asio::awaitable<std::optional<std::vector<T>>> items_of(asio::awaitable<azure::Page<T>> first,
                                                        std::stop_token stop) {
    try {
        auto page = co_await std::move(first);
        auto items = co_await azure::collect(std::move(page), stop, most_counted);
        co_return std::optional(std::move(items));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    co_return std::nullopt;
}

asio::awaitable<azure::Page<azure::Experiment>> list_experiments(azure::Client& client,
                                                                 azure::ResourceId id,
                                                                 std::stop_token stop) {
    auto plane = co_await client.data_plane(std::move(id), stop);
    co_return co_await azure::run_history::query_experiments(
        client, std::move(plane), std::move(stop));
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
    return all;
}

std::string what_goes(const WorkspaceContents& contents) {
    std::vector<std::string> parts;
    const auto& computes = contents.computes;
    if (!computes) {
        parts.push_back(localize("its computes"));
    } else if (computes->size() == 1) {
        parts.push_back(localize("the compute {}", computes->front()));
    } else if (!computes->empty()) {
        parts.push_back(localize("{} computes ({})", computes->size(), joined(*computes)));
    }
    if (!contents.experiments) {
        parts.push_back(localize("its runs with what they logged"));
    } else if (*contents.experiments == 1) {
        parts.push_back(localize("1 experiment with all its runs"));
    } else if (*contents.experiments > 1) {
        parts.push_back(localize("{} experiments with all their runs", *contents.experiments));
    }
    if (!contents.models) {
        parts.push_back(localize("its models"));
    } else if (*contents.models == 1) {
        parts.push_back(localize("1 model"));
    } else if (*contents.models > 1) {
        parts.push_back(localize("{} models", *contents.models));
    }
    if (parts.empty()) return localize("It holds no compute, run or model.");
    return localize("With it go: {}.", joined(parts));
}

std::string name_in(const std::string& id) {
    const auto parsed = azure::ResourceId::parse(id);
    return parsed ? parsed->name() : std::string();
}

std::string what_stays(const azure::Workspace& workspace) {
    std::vector<std::string> parts;
    if (const auto name = name_in(workspace.storage_account); !name.empty())
        parts.push_back(localize("the storage account {}", name));
    if (const auto name = name_in(workspace.key_vault); !name.empty())
        parts.push_back(localize("the key vault {}", name));
    if (const auto name = name_in(workspace.application_insights); !name.empty())
        parts.push_back(localize("Application Insights {}", name));
    if (const auto name = name_in(workspace.container_registry); !name.empty())
        parts.push_back(localize("the container registry {}", name));
    if (parts.empty()) return {};
    return localize("These stay in Azure, and may go on costing money: {}.", joined(parts));
}

}  // namespace

asio::awaitable<WorkspaceContents> contents_of(azure::Client& client,
                                               azure::ResourceId id,
                                               std::stop_token stop) {
    WorkspaceContents contents;
    contents.workspace = co_await azure::workspaces::get(client, id, stop);
    auto computes = items_of(azure::computes::list(client, id, stop), stop);
    auto experiments = items_of(list_experiments(client, id, stop), stop);
    auto models = items_of(azure::models::list(client, id, stop), stop);
    const auto found_computes = co_await std::move(computes);
    const auto found_experiments = co_await std::move(experiments);
    const auto found_models = co_await std::move(models);
    if (found_computes) {
        std::vector<std::string> names;
        for (const auto& compute : *found_computes) names.push_back(compute.name);
        contents.computes = std::move(names);
    }
    if (found_experiments) contents.experiments = found_experiments->size();
    if (found_models) contents.models = found_models->size();
    co_return contents;
}

std::string removal_question(const WorkspaceContents& contents, azure::Deletion deletion) {
    const auto& workspace = contents.workspace;
    std::vector<std::string> lines{localize("Delete the workspace {} of the resource group {}?",
                                            workspace.name,
                                            workspace.id.resource_group()),
                                   what_goes(contents)};
    if (auto stays = what_stays(workspace); !stays.empty()) lines.push_back(std::move(stays));
    lines.push_back(deletion == azure::Deletion::Permanent
                        ? localize("It cannot be recovered.")
                        : localize("Where Azure keeps deleted workspaces, it can be recovered for "
                                   "14 days, and its name is kept as long."));
    return fmt::format("{}", fmt::join(lines, "\n"));
}

std::string removal_question(const azure::Compute& compute) {
    if (compute.is_instance()) {
        return localize(
            "Delete the compute instance {}? What lies on its own disk goes with it; files of the "
            "workspace stay.",
            compute.name);
    }
    const int running = compute.nodes.running;
    if (running == 1) return localize("Delete the compute {}? The run on it fails.", compute.name);
    if (running > 1)
        return localize(
            "Delete the compute {}? What runs on {} of its nodes fails.", compute.name, running);
    return localize("Delete the compute {}? Runs that wait for it fail.", compute.name);
}

}  // namespace aml::workspace
