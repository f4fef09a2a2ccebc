#include "azure/computes.hpp"
#include "cli/commands.hpp"
#include "cli/compute_report.hpp"
#include "cli/confirm.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "cli/table.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "workspace/catalog.hpp"
#include "workspace/compute_cost.hpp"
#include "workspace/compute_text.hpp"
#include "workspace/removal.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr std::uint64_t most_scaled_nodes = 1000;
constexpr std::uint64_t least_scaled_idle = 30;
constexpr std::uint64_t most_scaled_idle = 86'400;

constexpr std::array compute_options{workspace_option};
constexpr std::array delete_compute_options{workspace_option, yes_option};
constexpr std::array scale_options{
    workspace_option,
    OptionSpec{"--min-nodes", "N", Localizable("Nodes that stay on, and cost, when idle.")},
    OptionSpec{"--max-nodes", "N", Localizable("Nodes it may grow to.")},
    OptionSpec{"--idle-seconds", "N", Localizable("When an idle node is switched off.")},
};

/// A compute, and the size of its machines.
struct KnownCompute {
    azure::Compute compute{};
    std::optional<azure::VmSize> size{};

    const azure::VmSize* size_or_null() const { return size ? &*size : nullptr; }
};

/// The size of a compute's machines; absent when the region does not tell.
asio::awaitable<std::optional<azure::VmSize>> size_of(workspace::Catalog& catalog,
                                                      azure::ResourceId workspace,
                                                      azure::Compute compute,
                                                      std::stop_token stop) {
    try {
        const auto sizes =
            co_await catalog.vm_sizes(workspace.subscription(), compute.location, stop);
        const auto* size = workspace::find_size(*sizes, compute.vm_size);
        if (size != nullptr) co_return *size;
    } catch (const Error& error) {
        // The compute is what was asked for.
        if (error.kind() == ErrorKind::Cancelled) throw;
    }
    co_return std::nullopt;
}

/// The compute that the operand names. Throws: as `any_workspace`; NotFound.
asio::awaitable<KnownCompute> known_compute(Invocation& invocation, std::stop_token stop) {
    const auto workspace = co_await any_workspace(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    const auto id = workspace.child("computes", invocation.operand);
    auto found = co_await azure::computes::find(connection->client, id, stop);
    if (!found) {
        throw Error(ErrorKind::NotFound,
                    localize("The workspace {} has no compute {}. 'aml compute list' shows those "
                             "there are.",
                             workspace.name(),
                             invocation.operand));
    }
    workspace::Catalog catalog(invocation.access, invocation.clock, invocation.tasks);
    KnownCompute known{.compute = std::move(*found)};
    known.size = co_await size_of(catalog, workspace, known.compute, std::move(stop));
    co_return known;
}

/// Throws: as `any_workspace`.
asio::awaitable<ExitCode> list_computes(Invocation& invocation, std::stop_token stop) {
    const auto workspace = co_await any_workspace(invocation, stop);
    workspace::Catalog catalog(invocation.access, invocation.clock, invocation.tasks);
    const auto computes = co_await catalog.computes(workspace, std::move(stop));
    auto& terminal = invocation.terminal;
    for (const auto& compute : *computes) terminal.value(compute_json(compute));
    if (computes->empty()) {
        terminal.remark(
            localize("Workspace '{}' has no computes. 'aml compute create NAME' makes one.",
                     workspace.name()));
        co_return ExitCode::Completed;
    }
    Table table({localize("NAME"),
                 localize("TYPE"),
                 localize("SIZE"),
                 localize("STATE"),
                 localize("OFF WHEN IDLE FOR")});
    for (const auto& compute : *computes) {
        table.add({compute.name,
                   compute.type,
                   compute.vm_size,
                   workspace::describe_state(compute),
                   workspace::describe_idle(compute)});
    }
    for (const auto& line : table.lines()) terminal.line(line);
    co_return ExitCode::Completed;
}

/// Throws: as `known_compute`.
asio::awaitable<ExitCode> show_compute(Invocation& invocation, std::stop_token stop) {
    const auto known = co_await known_compute(invocation, std::move(stop));
    invocation.terminal.value(compute_json(known.compute, known.size_or_null()));
    print_compute(invocation.terminal, known.compute, known.size_or_null());
    co_return ExitCode::Completed;
}

/// What the options change of how a cluster scales now. Throws: InvalidParams, Rejected.
azure::ScaleSpec scale_of(const CommandLine& line, const azure::Compute& compute) {
    if (!compute.is_cluster()) {
        throw Error(
            ErrorKind::Rejected,
            localize("Only clusters can be scaled, and {} is a {}.", compute.name, compute.type));
    }
    const auto least = line.number("--min-nodes", 0, most_scaled_nodes);
    const auto most = line.number("--max-nodes", 1, most_scaled_nodes);
    const auto idle = line.number("--idle-seconds", least_scaled_idle, most_scaled_idle);
    if (!least && !most && !idle) {
        throw Error(ErrorKind::InvalidParams,
                    localize("Say what to change: --min-nodes, --max-nodes or --idle-seconds."));
    }
    azure::ScaleSpec spec;
    spec.min_nodes = least ? static_cast<int>(*least) : compute.min_nodes.value_or(0);
    spec.max_nodes = most ? static_cast<int>(*most) : compute.max_nodes.value_or(1);
    if (spec.max_nodes < spec.min_nodes) {
        throw Error(
            ErrorKind::InvalidParams,
            localize(
                "--max-nodes ({}) is less than --min-nodes ({}).", spec.max_nodes, spec.min_nodes));
    }
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
        compute.idle_time.value_or(std::chrono::seconds(120)));
    spec.idle_time = idle ? std::chrono::seconds(*idle) : now;
    return spec;
}

/// Throws: as `known_compute` and `scale_of`; and what scaling throws.
asio::awaitable<ExitCode> scale_compute(Invocation& invocation, std::stop_token stop) {
    const auto known = co_await known_compute(invocation, stop);
    const auto spec = scale_of(invocation.line, known.compute);
    auto* connection = co_await invocation.access.connect(stop);
    auto& terminal = invocation.terminal;
    terminal.live(localize("Scaling compute {}", known.compute.name));
    const auto scaled = co_await azure::computes::scale(
        connection->client, known.compute.id, spec, azure::OnOperationProgress(), std::move(stop));
    terminal.live("");
    terminal.value(compute_json(scaled, known.size_or_null()));
    print_compute(terminal, scaled, known.size_or_null());
    co_return ExitCode::Completed;
}

/// Throws: as `known_compute`; Rejected (a cluster), and what Azure refuses.
asio::awaitable<ExitCode> switch_compute(Invocation& invocation,
                                         azure::PowerAction action,
                                         std::stop_token stop) {
    const auto known = co_await known_compute(invocation, stop);
    const auto& name = known.compute.name;
    if (!known.compute.is_instance()) {
        throw Error(ErrorKind::Rejected,
                    localize("{} is no compute instance: runs switch the nodes of a cluster on, "
                             "and 'aml compute scale' says how many stay on.",
                             name));
    }
    auto* connection = co_await invocation.access.connect(stop);
    auto& terminal = invocation.terminal;
    terminal.live(localize("Waiting for compute {}", name));
    const auto changed = co_await azure::computes::power(connection->client,
                                                         known.compute.id,
                                                         action,
                                                         azure::OnOperationProgress(),
                                                         std::move(stop));
    terminal.live("");
    terminal.value(compute_json(changed, known.size_or_null()));
    terminal.line(localize("The compute {} is {}.", name, workspace::describe_state(changed)));
    co_return ExitCode::Completed;
}

asio::awaitable<ExitCode> start_compute(Invocation& invocation, std::stop_token stop) {
    return switch_compute(invocation, azure::PowerAction::Start, std::move(stop));
}

asio::awaitable<ExitCode> stop_compute(Invocation& invocation, std::stop_token stop) {
    return switch_compute(invocation, azure::PowerAction::Stop, std::move(stop));
}

asio::awaitable<ExitCode> restart_compute(Invocation& invocation, std::stop_token stop) {
    return switch_compute(invocation, azure::PowerAction::Restart, std::move(stop));
}

/// Throws: as `known_compute`; InvalidParams (nobody can be asked), and what deleting throws.
asio::awaitable<ExitCode> delete_compute(Invocation& invocation, std::stop_token stop) {
    const auto known = co_await known_compute(invocation, stop);
    const auto& name = known.compute.name;
    auto& terminal = invocation.terminal;
    auto question = workspace::removal_question(known.compute);
    auto go_ahead = localize("Delete compute");
    const bool agreed =
        co_await confirm(invocation, std::move(question), std::move(go_ahead), stop);
    if (!agreed) {
        terminal.remark(localize("Nothing was deleted."));
        co_return ExitCode::Cancelled;
    }
    auto* connection = co_await invocation.access.connect(stop);
    terminal.live(localize("Deleting compute {}", name));
    co_await azure::computes::remove(
        connection->client, known.compute.id, azure::OnOperationProgress(), std::move(stop));
    terminal.live("");
    terminal.value({{"id", known.compute.id.to_string()}, {"name", name}, {"deleted", true}});
    terminal.line(localize("The compute {} is deleted.", name));
    co_return ExitCode::Completed;
}

}  // namespace

const Command compute_list_command{.name = "compute list",
                                   .summary = Localizable("List what there is to run on"),
                                   .options = compute_options,
                                   .handler = list_computes};

const Command compute_show_command{.name = "compute show",
                                   .operand = "NAME",
                                   .operand_required = true,
                                   .summary = Localizable("Show a compute and what it costs"),
                                   .options = compute_options,
                                   .handler = show_compute};

const Command compute_scale_command{
    .name = "compute scale",
    .operand = "NAME",
    .operand_required = true,
    .summary = Localizable("Change how many nodes a cluster has"),
    .description = Localizable("What is not named stays as it is; nodes come and go afterwards."),
    .options = scale_options,
    .handler = scale_compute};

const Command compute_start_command{.name = "compute start",
                                    .operand = "NAME",
                                    .operand_required = true,
                                    .summary = Localizable("Start a compute instance"),
                                    .options = compute_options,
                                    .handler = start_compute};

const Command compute_stop_command{.name = "compute stop",
                                   .operand = "NAME",
                                   .operand_required = true,
                                   .summary = Localizable("Stop a compute instance"),
                                   .options = compute_options,
                                   .handler = stop_compute};

const Command compute_restart_command{.name = "compute restart",
                                      .operand = "NAME",
                                      .operand_required = true,
                                      .summary = Localizable("Restart a compute instance"),
                                      .options = compute_options,
                                      .handler = restart_compute};

const Command compute_delete_command{.name = "compute delete",
                                     .operand = "NAME",
                                     .operand_required = true,
                                     .summary = Localizable("Delete a compute"),
                                     .description = Localizable("Says what goes and asks first."),
                                     .options = delete_compute_options,
                                     .handler = delete_compute};

}  // namespace aml::cli
