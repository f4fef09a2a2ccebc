#include "cli/prepare.hpp"

#include "async/run_blocking.hpp"
#include "cli/place.hpp"
#include "local/this_computer.hpp"
#include "runconfig/asset_reference.hpp"
#include "runconfig/run_configuration.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"
#include "wizard/wizard.hpp"
#include "wizard/wizard_draft.hpp"
#include "wizard/wizard_environment.hpp"
#include "workspace/catalog.hpp"
#include "workspace/names.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace aml::cli {
namespace {

constexpr auto how_to_bind = Localizable(
    "No workspace is named: give --workspace, or bind this folder to one with "
    ".azureml/config.json (a workspace's page in the portal offers it for download).");

// The file that the operand means.
struct RunFile {
    std::filesystem::path path;
    bool exists = false;
    bool is_folder = false;
    bool is_configuration = false;
    /// A script's run configuration is there already.
    bool is_configured = false;
};

RunFile look_at(const std::filesystem::path& directory, const std::string& operand) {
    RunFile file;
    file.path = (directory / operand).lexically_normal();
    std::error_code ignored;
    file.exists = std::filesystem::exists(file.path, ignored);
    file.is_folder = std::filesystem::is_directory(file.path, ignored);
    file.is_configuration = file.path.extension() == ".json" ||
                            runconfig::syntax_of(file.path) == runconfig::Syntax::Yaml;
    if (!file.is_configuration) {
        const auto configuration = runconfig::configuration_path(file.path);
        file.is_configured = std::filesystem::exists(configuration, ignored);
    }
    return file;
}

asio::awaitable<RunFile> find_file(Invocation& invocation) {
    auto look = [directory = invocation.directory, operand = invocation.operand] {
        return look_at(directory, operand);
    };
    auto file = co_await async::run_blocking(invocation.state.pool(), std::move(look));
    if (!file.exists) {
        throw Error(ErrorKind::NotFound, localize("There is no file '{}'.", file.path.string()));
    }
    const auto& operand = invocation.operand;
    if (file.is_folder) {
        throw Error(
            ErrorKind::Rejected,
            localize("'{}' is a folder. Name a script or run configuration in it.", operand));
    }
    if (!file.is_configuration && !same_name(file.path.extension().string(), ".py")) {
        throw Error(ErrorKind::Rejected,
                    localize("'{}' is neither a Python script (.py) nor a run configuration "
                             "(.job.json, .yml).",
                             operand));
    }
    co_return file;
}

/// What is set for each run that is to be submitted.
std::vector<std::vector<runconfig::Setting>> settings_of(const CommandLine& line) {
    constexpr std::size_t most_runs = 1000;
    std::vector<runconfig::Setting> settings;
    for (const auto& text : line.values("--set"))
        settings.push_back(runconfig::parse_setting(text));
    if (line.has("--parallel")) return runconfig::combinations(settings, most_runs);
    return {std::move(settings)};
}

/// The sweep that `aml sweep` is asked for; nothing for any other command.
std::optional<runconfig::SweepWish> sweep_of(const CommandLine& line) {
    constexpr std::uint64_t most_trials = 1000;
    const auto searches = line.values("--search");
    if (searches.empty()) return std::nullopt;
    runconfig::SweepWish wish;
    for (const auto& text : searches) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw Error(ErrorKind::InvalidParams,
                        localize("--search takes KEY=SPACE, such as lr=uniform(0.01,0.1), not "
                                 "'{}'.",
                                 text));
        }
        wish.search.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    wish.metric = line.value("--metric");
    wish.goal = line.value("--goal");
    line.choice("--goal", {"maximize", "minimize"});
    wish.most_trials = line.number("--max-trials", 1, most_trials);
    wish.most_at_once = line.number("--max-concurrent", 1, most_trials);
    return wish;
}

asio::awaitable<runconfig::RunConfiguration> load(Invocation& invocation,
                                                  std::filesystem::path file,
                                                  std::vector<runconfig::Setting> settings,
                                                  std::optional<runconfig::SweepWish> sweep) {
    auto read = [file = std::move(file), settings = std::move(settings), sweep = std::move(sweep)] {
        return runconfig::load(file, settings, sweep);
    };
    auto configuration = co_await async::run_blocking(invocation.state.pool(), std::move(read));
    co_return configuration;
}

void show_warnings(Invocation& invocation, const runconfig::RunConfiguration& configuration) {
    for (const auto& warning : configuration.warnings) {
        invocation.terminal.remark(
            localize("warning: {}", runconfig::format(configuration.file, warning)));
    }
}

// Puts the options into a configuration that was there before; its file stays as it is.
asio::awaitable<void> apply_options(Invocation& invocation,
                                    wizard::WizardTools tools,
                                    std::filesystem::path script,
                                    runconfig::Job& job) {
    const auto& line = invocation.line;
    auto& basics = runconfig::basics_of(job);
    if (const auto experiment = line.value("--experiment")) {
        const auto problem = workspace::check_experiment_name(*experiment);
        if (problem) throw Error(ErrorKind::Rejected, localize("--experiment: {}", *problem));
        basics.experiment_name = *experiment;
    }
    if (const auto compute = line.value("--compute")) {
        const auto parsed = runconfig::parse_compute_reference(*compute);
        if (const auto* bad = std::get_if<runconfig::BadReference>(&parsed)) {
            throw Error(ErrorKind::Rejected, localize("--compute: {}", bad->message));
        }
        basics.compute = std::get<runconfig::ComputeReference>(parsed);
    }
    if (auto environment = line.value("--environment")) {
        wizard::WizardDraft draft;
        draft.script = std::move(script);
        co_await wizard::use_environment(tools, draft, std::move(*environment));
        runconfig::program_of(job)->environment = wizard::environment_of(draft);
    }
}

void check_name(const runconfig::Job& job) {
    const auto& name = runconfig::basics_of(job).name;
    if (!name) return;
    throw Error(ErrorKind::Rejected,
                localize("All of these runs would be named {}, and a name is used once. Take "
                         "\"name\" out to get a new one for each.",
                         *name));
}

/// Whether the options are in the configuration already.
enum class OptionsAre { Apart, Written };

/// A run of a configuration for each combination of settings.
asio::awaitable<std::vector<PreparedRun>> use_configuration(
    Invocation& invocation,
    wizard::WizardTools tools,
    std::filesystem::path file,
    OptionsAre options,
    std::optional<azure::ResourceId> workspace,
    std::stop_token stop) {
    const auto folder = file.parent_path();
    const auto all_settings = settings_of(invocation.line);
    const auto sweep = sweep_of(invocation.line);
    std::vector<PreparedRun> runs;
    for (const auto& settings : all_settings) {
        PreparedRun run;
        run.settings = settings;
        run.request.configuration = co_await load(invocation, file, settings, sweep);
        auto& configuration = run.request.configuration;
        if (all_settings.size() > 1) check_name(configuration.job);
        if (runs.empty()) show_warnings(invocation, configuration);
        auto beside = folder / "script";
        if (options == OptionsAre::Apart)
            co_await apply_options(invocation, tools, std::move(beside), configuration.job);
        runs.push_back(std::move(run));
    }
    if (!workspace) workspace = co_await known_workspace(invocation, folder, std::move(stop));
    if (!workspace) throw Error(ErrorKind::Rejected, localize(how_to_bind));
    for (auto& run : runs) run.request.workspace = *workspace;
    co_return runs;
}

void require_options(const Invocation& invocation, bool bound) {
    if (invocation.interactive) return;
    const auto missing = missing_options(invocation.line, bound);
    if (missing.empty()) return;
    throw Error(ErrorKind::InvalidParams,
                localize("'{}' has no run configuration yet, and to write one these are "
                         "missing: {}.",
                         invocation.operand,
                         fmt::join(missing, ", ")));
}

asio::awaitable<std::vector<PreparedRun>> make_configuration(Invocation& invocation,
                                                             wizard::WizardTools tools,
                                                             std::filesystem::path script,
                                                             std::stop_token stop) {
    const auto bound = co_await known_workspace(invocation, script, stop);
    require_options(invocation, bound.has_value());
    wizard::WizardRequest request;
    request.script = std::move(script);
    if (bound && (invocation.line.value("--workspace") || !invocation.interactive)) {
        request.workspace = bound;
    }
    request.experiment = invocation.line.value("--experiment");
    request.compute = invocation.line.value("--compute");
    request.environment = invocation.line.value("--environment");
    wizard::ExperimentWizard wizard(tools.catalog, tools.state, tools.prompter);
    const auto result = co_await wizard.run(std::move(request), stop);
    if (!result) co_return std::vector<PreparedRun>();
    // Where another process was quicker, its configuration counts, and so do this one's options.
    if (result->created)
        invocation.terminal.remark(localize("Wrote {}", result->configuration.string()));
    auto workspace = result->workspace.empty() ? bound : result->workspace;
    const auto options = result->created ? OptionsAre::Written : OptionsAre::Apart;
    co_return co_await use_configuration(
        invocation, tools, result->configuration, options, std::move(workspace), stop);
}

}  // namespace

std::vector<std::string> missing_options(const CommandLine& line, bool bound) {
    std::vector<std::string> missing;
    if (!bound && !line.value("--workspace")) missing.emplace_back("--workspace WORKSPACE");
    if (!line.value("--experiment")) missing.emplace_back("--experiment NAME");
    if (!line.value("--compute")) missing.emplace_back("--compute NAME");
    if (!line.value("--environment")) missing.emplace_back("--environment WHAT");
    return missing;
}

asio::awaitable<std::vector<PreparedRun>> prepare_run(Invocation& invocation,
                                                      std::stop_token stop) {
    const auto file = co_await find_file(invocation);
    workspace::Catalog catalog(invocation.access, invocation.clock, invocation.tasks);
    wizard::WizardTools tools{catalog, invocation.state, invocation.prompter};
    if (file.is_configuration || file.is_configured) {
        auto configuration =
            file.is_configuration ? file.path : runconfig::configuration_path(file.path);
        co_return co_await use_configuration(
            invocation, tools, std::move(configuration), OptionsAre::Apart, std::nullopt, stop);
    }
    co_return co_await make_configuration(invocation, tools, file.path, stop);
}

asio::awaitable<PreparedRun> prepare_local(Invocation& invocation, std::stop_token stop) {
    const auto file = co_await find_file(invocation);
    if (!file.is_configuration && !file.is_configured) {
        throw Error(ErrorKind::Rejected,
                    localize("'{0}' has no run configuration yet, which says what it needs. 'aml "
                             "run {0}' makes one.",
                             invocation.operand));
    }
    workspace::Catalog catalog(invocation.access, invocation.clock, invocation.tasks);
    wizard::WizardTools tools{catalog, invocation.state, invocation.prompter};
    auto configuration =
        file.is_configuration ? file.path : runconfig::configuration_path(file.path);
    auto runs = co_await use_configuration(invocation,
                                           tools,
                                           std::move(configuration),
                                           OptionsAre::Apart,
                                           local::this_computer(),
                                           std::move(stop));
    if (runs.size() > 1) {
        throw Error(ErrorKind::InvalidParams,
                    localize("--local runs one at a time, and this is {}.", runs.size()));
    }
    co_return std::move(runs.front());
}

asio::awaitable<submit::SubmitRequest> prepare_repeat(Invocation& invocation) {
    const auto script = (invocation.directory / invocation.operand).lexically_normal();
    const auto last = co_await invocation.state.last_run(script);
    if (!last) {
        throw Error(ErrorKind::NotFound,
                    localize("'{}' was not run from here yet. 'aml run {}' does it the first "
                             "time.",
                             script.string(),
                             invocation.operand));
    }
    const auto& endpoint = invocation.access.settings().arm_endpoint;
    if (last->arm_endpoint != endpoint) {
        throw Error(ErrorKind::Rejected,
                    localize("'{}' was last run in another Azure ({}) than this one ({}). Set "
                             "AZUREML_ARM_ENDPOINT, or use 'aml run'.",
                             script.string(),
                             last->arm_endpoint,
                             endpoint));
    }
    const auto workspace = azure::ResourceId::parse(last->workspace_id);
    if (!workspace) {
        throw Error(ErrorKind::Rejected,
                    localize("The record of the last run is damaged. Use 'aml run'."));
    }
    submit::SubmitRequest request;
    request.workspace = *workspace;
    request.configuration = co_await load(invocation, last->configuration, {}, std::nullopt);
    show_warnings(invocation, request.configuration);
    co_return request;
}

}  // namespace aml::cli
