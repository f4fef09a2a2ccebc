#include "azure/computes.hpp"
#include "cli/commands.hpp"
#include "cli/compute_report.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "workspace/catalog.hpp"
#include "workspace/compute_cost.hpp"
#include "workspace/compute_text.hpp"
#include "workspace/names.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr std::uint64_t most_nodes = 1000;
constexpr std::uint64_t least_idle_seconds = 30;
constexpr std::uint64_t most_idle_seconds = 86'400;
constexpr std::uint64_t least_instance_idle = 900;
constexpr std::uint64_t most_instance_idle = 259'200;
constexpr std::size_t instance_type = 1;

constexpr std::array create_options{
    workspace_option,
    OptionSpec{"--type",
               "TYPE",
               Localizable("cluster, whose nodes come and go with the runs, or instance, one\n"
                           "machine of yours that stays on until it is stopped; cluster unless "
                           "told.")},
    OptionSpec{"--size", "SIZE", Localizable("The machines; STANDARD_DS3_V2 unless told.")},
    OptionSpec{
        "--min-nodes", "N", Localizable("Nodes that stay on, and cost, when idle; 0 unless told.")},
    OptionSpec{"--max-nodes", "N", Localizable("Nodes it may grow to; 4 unless told.")},
    OptionSpec{"--idle-seconds",
               "N",
               Localizable("When an idle node is switched off; after 120 seconds unless told.\n"
                           "When an idle instance is stopped; never unless told.")},
    OptionSpec{
        "--spot", "", Localizable("Cheaper machines that Azure may take away during a run.")},
};

/// A cluster, or an instance.
struct WantedCompute {
    azure::AmlComputeSpec cluster{};
    std::optional<azure::ComputeInstanceSpec> instance{};

    const std::string& vm_size() const { return instance ? instance->vm_size : cluster.vm_size; }

    /// Machines that may be on at the same time.
    int machines() const { return instance ? 1 : cluster.max_nodes; }
};

/// Throws: InvalidParams.
WantedCompute wanted_of(const CommandLine& line) {
    WantedCompute wanted;
    const auto size = line.value("--size").value_or("STANDARD_DS3_V2");
    if (line.choice("--type", {"cluster", "instance"}) == instance_type) {
        for (const auto* option : {"--min-nodes", "--max-nodes", "--spot"}) {
            if (line.has(option))
                throw Error(
                    ErrorKind::InvalidParams,
                    localize("{} is for clusters, and an instance is one machine.", option));
        }
        wanted.instance = azure::ComputeInstanceSpec{.vm_size = size};
        const auto idle = line.number("--idle-seconds", least_instance_idle, most_instance_idle);
        if (idle) wanted.instance->idle_time = std::chrono::seconds(*idle);
        return wanted;
    }
    auto& spec = wanted.cluster;
    spec.vm_size = size;
    spec.low_priority = line.has("--spot");
    const auto least = line.number("--min-nodes", 0, most_nodes).value_or(0);
    const auto most = line.number("--max-nodes", 1, most_nodes).value_or(4);
    if (most < least) {
        throw Error(ErrorKind::InvalidParams,
                    localize("--max-nodes ({}) is less than --min-nodes ({}).", most, least));
    }
    spec.min_nodes = static_cast<int>(least);
    spec.max_nodes = static_cast<int>(most);
    const auto idle = line.number("--idle-seconds", least_idle_seconds, most_idle_seconds);
    spec.idle_time = std::chrono::seconds(idle.value_or(120));
    return wanted;
}

asio::awaitable<azure::Compute> create_visibly(Invocation& invocation,
                                               azure::Client& client,
                                               azure::ResourceId id,
                                               WantedCompute wanted,
                                               std::stop_token stop) {
    auto& terminal = invocation.terminal;
    const auto title = localize("Creating compute {}", id.name());
    if (!terminal.live_shows()) terminal.remark(localize("{} …", title));
    terminal.live(title);
    azure::OnOperationProgress show = [&terminal, title](const azure::OperationProgress& progress) {
        terminal.live(
            title,
            progress.percent ? std::optional(static_cast<int>(*progress.percent)) : std::nullopt);
    };
    azure::Compute compute;
    if (wanted.instance) {
        compute = co_await azure::computes::create_instance(
            client, std::move(id), std::move(*wanted.instance), std::move(show), std::move(stop));
    } else {
        compute = co_await azure::computes::create_or_update(
            client, std::move(id), std::move(wanted.cluster), std::move(show), std::move(stop));
    }
    terminal.live("");
    co_return compute;
}

/// What it costs and whether the quota holds it, before it is made.
void tell_cost(Terminal& terminal,
               const WantedCompute& wanted,
               const azure::VmSize* size,
               const std::vector<azure::Usage>& usages) {
    if (size == nullptr) return;
    const bool low_priority = !wanted.instance && wanted.cluster.low_priority;
    if (const auto price = workspace::describe_price(*size, low_priority)) {
        terminal.remark(localize(
            "{}: {}, {} for each machine.", size->name, workspace::describe_size(*size), *price));
    }
    const auto lacking = workspace::lacking_quota(*size, usages, wanted.machines());
    if (lacking && !low_priority) terminal.remark(*lacking);
    const auto standing =
        wanted.instance ? std::nullopt
                        : workspace::standing_cost(size, low_priority, wanted.cluster.min_nodes);
    if (standing) terminal.remark(*standing);
    if (!wanted.instance || wanted.instance->idle_time) return;
    if (const auto month = workspace::describe_month(*size, false, 1)) {
        terminal.remark(
            localize("It stays on until it is stopped: about {} a month. With "
                     "--idle-seconds it stops by itself.",
                     *month));
    }
}

/// Throws: as `any_workspace`; InvalidParams (an option), Rejected (a name that is taken or
/// impossible) and what creating throws.
asio::awaitable<ExitCode> create_compute(Invocation& invocation, std::stop_token stop) {
    auto wanted = wanted_of(invocation.line);
    const auto& name = invocation.operand;
    const auto workspace = co_await any_workspace(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    workspace::Catalog catalog(invocation.access, invocation.clock, invocation.tasks);
    const auto known = co_await catalog.computes(workspace, stop);
    std::vector<std::string> taken;
    for (const auto& compute : *known) taken.push_back(compute.name);
    if (const auto problem = workspace::check_compute_name(name, taken))
        throw Error(ErrorKind::Rejected, *problem);
    const auto found = co_await catalog.workspace(workspace, stop);
    (wanted.instance ? wanted.instance->location : wanted.cluster.location) = found.location;
    const auto sizes = co_await catalog.vm_sizes(workspace.subscription(), found.location, stop);
    const auto usages = co_await catalog.usages(workspace.subscription(), found.location, stop);
    const auto* size = workspace::find_size(*sizes, wanted.vm_size());
    tell_cost(invocation.terminal, wanted, size, *usages);
    auto id = workspace.child("computes", name);
    const auto compute = co_await create_visibly(
        invocation, connection->client, std::move(id), std::move(wanted), std::move(stop));
    invocation.terminal.value(compute_json(compute, size));
    for (const auto& problem : compute.errors)
        invocation.terminal.remark(localize("The compute {} reports: {}", name, problem));
    invocation.terminal.line(localize("The compute {} is ready to be used.", name));
    co_return ExitCode::Completed;
}

}  // namespace

const Command compute_create_command{
    .name = "compute create",
    .operand = "NAME",
    .operand_required = true,
    .summary = Localizable("Create a cluster or an instance to run on"),
    .description = Localizable("Says what it costs and whether the quota holds it, and returns "
                               "once it exists;\nthe nodes of a cluster are switched on by runs."),
    .options = create_options,
    .handler = create_compute};

}  // namespace aml::cli
