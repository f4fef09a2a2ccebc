#include "azure/assets.hpp"
#include "cli/commands.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "cli/table.hpp"
#include "submit/data_registration.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr std::array create_data_options{
    OptionSpec{"--description", "TEXT", Localizable("What it is, for whoever finds it.")},
    workspace_option,
};
constexpr std::array list_data_options{workspace_option};

/// Throws: as `any_workspace` and `submit::register_data`.
asio::awaitable<ExitCode> create_data(Invocation& invocation, std::stop_token stop) {
    const auto& operands = invocation.line.operands();
    submit::NewDataAsset asset{.name = operands[0]};
    asset.path = (invocation.directory / std::filesystem::path(operands[1])).lexically_normal();
    asset.description = invocation.line.value("--description").value_or(std::string());
    const auto workspace = co_await any_workspace(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    auto& terminal = invocation.terminal;
    submit::OnSubmitProgress show = [&terminal](const submit::SubmitProgress& step) {
        terminal.live(step.message, step.percent);
    };
    const submit::DataTools tools{
        connection->client, invocation.state, invocation.random, invocation.clock};
    const auto made = co_await submit::register_data(
        tools, workspace, std::move(asset), std::move(show), std::move(stop));
    terminal.live("");
    terminal.value({{"name", made.name},
                    {"version", made.version},
                    {"type", made.type},
                    {"reference", made.reference()}});
    terminal.line(
        localize("Registered {}. An input of a run configuration reads it as", made.type));
    terminal.line(made.reference());
    co_return ExitCode::Completed;
}

/// Throws: as `any_workspace`, and what listing throws.
asio::awaitable<ExitCode> list_data(Invocation& invocation, std::stop_token stop) {
    const auto workspace = co_await any_workspace(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    auto first = co_await azure::data::list(connection->client, workspace, stop);
    const auto assets = co_await azure::collect(std::move(first), std::move(stop));
    auto& terminal = invocation.terminal;
    if (assets.empty()) {
        terminal.remark(
            localize("The workspace has no data assets. 'aml data create NAME PATH' makes one."));
        co_return ExitCode::Completed;
    }
    Table table({localize("NAME"), localize("VERSION"), localize("TYPE")});
    for (const auto& asset : assets) {
        terminal.value({{"name", asset.name},
                        {"latestVersion", asset.latest_version},
                        {"type", asset.data_type},
                        {"description", asset.description}});
        table.add({asset.name, asset.latest_version, asset.data_type});
    }
    for (const auto& line : table.lines()) terminal.line(line);
    co_return ExitCode::Completed;
}

}  // namespace

const Command data_create_command{
    .name = "data create",
    .operand = "NAME PATH",
    .operand_required = true,
    .summary = Localizable("Upload a file or folder as a data asset"),
    .description =
        Localizable("A name that exists gets another version. What the workspace has already is\n"
                    "not sent again; .amlignore or .gitignore say what of a folder stays here."),
    .options = create_data_options,
    .handler = create_data};

const Command data_list_command{.name = "data list",
                                .summary = Localizable("List the data assets of the workspace"),
                                .options = list_data_options,
                                .handler = list_data};

}  // namespace aml::cli
