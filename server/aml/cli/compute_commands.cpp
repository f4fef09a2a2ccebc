#include "azure/computes.hpp"
#include "cli/commands.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "cli/table.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "workspace/catalog.hpp"
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

constexpr std::array create_options{
    workspace_option,
    OptionSpec{"--size", "SIZE", Localizable("The machines; STANDARD_DS3_V2 unless told.")},
    OptionSpec{
        "--min-nodes", "N", Localizable("Nodes that stay on, and cost, when idle; 0 unless told.")},
    OptionSpec{"--max-nodes", "N", Localizable("Nodes it may grow to; 4 unless told.")},
    OptionSpec{"--idle-seconds",
               "N",
               Localizable("When an idle node is switched off; after 120 seconds unless told.")},
    OptionSpec{
        "--spot", "", Localizable("Cheaper machines that Azure may take away during a run.")},
};
constexpr std::array list_options{workspace_option};

/// Throws: InvalidParams.
azure::AmlComputeSpec spec_of(const CommandLine& line) {
    azure::AmlComputeSpec spec;
    spec.vm_size = line.value("--size").value_or("STANDARD_DS3_V2");
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
    return spec;
}

nlohmann::json compute_json(const azure::Compute& compute) {
    nlohmann::json json{{"name", compute.name},
                        {"type", compute.type},
                        {"provisioningState", compute.provisioning_state},
                        {"runsJobs", compute.runs_jobs()},
                        {"errors", compute.errors}};
    const auto put = [&json](const char* key, const auto& value) {
        if (value) json[key] = *value;
    };
    const auto put_text = [&json](const char* key, const std::string& text) {
        if (!text.empty()) json[key] = text;
    };
    put_text("vmSize", compute.vm_size);
    put_text("vmPriority", compute.vm_priority);
    put_text("instanceState", compute.instance_state);
    put("minNodes", compute.min_nodes);
    put("maxNodes", compute.max_nodes);
    put("currentNodes", compute.current_nodes);
    return json;
}

asio::awaitable<azure::Compute> create_visibly(Invocation& invocation,
                                               azure::Client& client,
                                               azure::ResourceId id,
                                               azure::AmlComputeSpec spec,
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
    auto compute = co_await azure::computes::create_or_update(
        client, std::move(id), std::move(spec), std::move(show), std::move(stop));
    terminal.live("");
    co_return compute;
}

/// Throws: as `any_workspace`; InvalidParams (an option), Rejected (a name that is taken or
/// impossible) and what creating throws.
asio::awaitable<ExitCode> create_compute(Invocation& invocation, std::stop_token stop) {
    auto spec = spec_of(invocation.line);
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
    spec.location = found.location;
    auto id = workspace.child("computes", name);
    const auto compute = co_await create_visibly(
        invocation, connection->client, std::move(id), std::move(spec), std::move(stop));
    invocation.terminal.value(compute_json(compute));
    for (const auto& problem : compute.errors)
        invocation.terminal.remark(localize("The compute {} reports: {}", name, problem));
    invocation.terminal.line(localize("The compute {} is ready to be used.", name));
    co_return ExitCode::Completed;
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
    Table table({localize("NAME"), localize("TYPE"), localize("SIZE"), localize("STATE")});
    for (const auto& compute : *computes) {
        table.add(
            {compute.name, compute.type, compute.vm_size, workspace::describe_state(compute)});
    }
    for (const auto& line : table.lines()) terminal.line(line);
    co_return ExitCode::Completed;
}

}  // namespace

const Command compute_create_command{
    .name = "compute create",
    .operand = "NAME",
    .operand_required = true,
    .summary = Localizable("Create a cluster to run on"),
    .description = Localizable("Returns once it exists; its nodes are switched on by runs."),
    .options = create_options,
    .handler = create_compute};

const Command compute_list_command{.name = "compute list",
                                   .summary = Localizable("List what there is to run on"),
                                   .options = list_options,
                                   .handler = list_computes};

}  // namespace aml::cli
