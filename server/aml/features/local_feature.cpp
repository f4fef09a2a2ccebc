#include "features/local_feature.hpp"

#include "async/linked_stop.hpp"
#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/file_question.hpp"
#include "features/uri.hpp"
#include "local/answers.hpp"
#include "local/this_computer.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::features {
namespace {

constexpr auto show_run_here_button = Localizable("Show run");
constexpr auto install_button = Localizable("Install");
constexpr auto debugger_page = "vscode:extension/ms-python.debugpy";

runs::RunSnapshot snapshot_here(const local::RunFolder& folder, const local::RunRecord& record) {
    runs::RunSnapshot run{.job = local::this_computer().child("jobs", folder.name())};
    run.display_name = record.display_name;
    run.experiment = record.experiment;
    run.script = record.script;
    run.status = "Starting";
    run.created_by = record.user;
    run.created_at = record.created_at;
    return run;
}

/// Blocking.
std::vector<runs::RunSnapshot> unfinished_runs(const std::vector<std::filesystem::path>& places) {
    std::vector<runs::RunSnapshot> unfinished;
    for (const auto& folder : local::all_runs(places)) {
        const auto record = local::record_of(folder);
        if (record && !local::has_ended(local::state_of(folder)))
            unfinished.push_back(snapshot_here(folder, *record));
    }
    return unfinished;
}

/// The run configuration that a launch configuration names; `${workspaceFolder}` is `folder`.
std::optional<std::filesystem::path> named_file(const protocol::Json& given,
                                                const std::string& folder) {
    constexpr std::string_view variable = "${workspaceFolder}";
    if (!given.is_object() || !given.contains("configuration")) return std::nullopt;
    auto text = text_of(given, "configuration");
    if (text.starts_with(variable)) text.replace(0, variable.size(), folder);
    std::filesystem::path path(text);
    if (path.is_absolute()) return path;
    throw Error(ErrorKind::Rejected,
                localize("\"configuration\" in launch.json is the path of a run configuration, "
                         "such as ${{workspaceFolder}}/train.job.json."));
}

/// What a launch configuration of the user's has beside what names it stays.
protocol::Json completed(const protocol::Json& given, protocol::Json resolved) {
    if (!given.is_object()) return resolved;
    for (const auto& [name, value] : given.items()) {
        const bool is_ours = name == "type" || name == "request" || name == "configuration" ||
                             name.starts_with("__");
        if (is_ours) continue;
        if (name == "env" && value.is_object()) {
            resolved["env"].update(value);
        } else {
            resolved[name] = value;
        }
    }
    return resolved;
}

}  // namespace

LocalFeature::LocalFeature(Services& services,
                           DocumentsFeature& documents,
                           ProgressFeature& progress,
                           TreeFeature& tree,
                           UiFeature& ui)
    : services_(services),
      documents_(documents),
      progress_(progress),
      tree_(tree),
      ui_(ui) {}

void LocalFeature::bind(rpc::Router& router, CommandsFeature& commands) {
    router.notification<protocol::Initialized>(this, &LocalFeature::initialized);
    commands.add("azureml.runLocally", [this](CommandCall call) { return run(std::move(call)); });
    commands.add("azureml.resolveDebugging",
                 [this](CommandCall call) { return debug(std::move(call)); });
}

void LocalFeature::initialized(protocol::NoParams) {
    if (!std::exchange(initialized_, true)) services_.tasks.spawn(follow_unfinished());
}

// Whoever started them: an earlier session, or the terminal.
asio::awaitable<void> LocalFeature::follow_unfinished() {
    const auto here = services_.here();
    co_await here->watcher.resume_saved();
    auto places = co_await services_.places_here();
    auto look = [places = std::move(places)] { return unfinished_runs(places); };
    const auto unfinished = co_await async::run_blocking(services_.pool, std::move(look));
    for (const auto& run : unfinished) here->watcher.watch(run);
}

local::Runner& LocalFeature::runner() {
    if (!runner_)
        runner_.emplace(
            services_.state(), services_.clock, services_.random, services_.log.component("local"));
    return *runner_;
}

asio::awaitable<protocol::Json> LocalFeature::run(CommandCall call) {
    const auto uri = co_await file_of(call, FileKind::RunConfiguration, services_, ui_);
    if (!uri) co_return protocol::Json();
    auto configuration = co_await documents_.checked(path_of_uri(*uri));
    auto begun = co_await runner().begin(std::move(configuration), call.stop());
    auto snapshot = snapshot_here(begun.folder, begun.record);
    const auto here = services_.here();
    here->watcher.watch(snapshot);
    services_.tasks.spawn(carry_out(std::move(begun)));
    co_await tree_.show_here();
    tree_.reveal_run(snapshot.job, snapshot.experiment);
    const auto id = snapshot.job.to_string();
    services_.tasks.spawn(announce(std::move(snapshot)));
    co_return protocol::Json(id);
}

asio::awaitable<void> LocalFeature::carry_out(local::BegunRun run) {
    co_await runner().launch(std::move(run), services_.tasks.stop_token());
}

asio::awaitable<void> LocalFeature::announce(runs::RunSnapshot run) {
    ui::Message message{.text = localize("{} runs on this computer.", run.title())};
    const std::string show = localize(show_run_here_button);
    message.actions.push_back(show);
    const auto stop = services_.tasks.stop_token();
    const auto pressed = co_await ui_.message(std::move(message), stop);
    if (pressed == show) co_await ui_.show_run(run, UiFeature::RunPart::Page, stop);
}

asio::awaitable<protocol::Json> LocalFeature::debug(CommandCall call) {
    const auto given = call.arguments.empty() ? protocol::Json() : call.arguments.front();
    const bool has_debugger = call.arguments.size() < 2 || call.arguments[1] != false;
    if (!has_debugger) {
        co_await offer_debugger(call.stop());
        co_return protocol::Json();
    }
    auto file = named_file(given, call.optional_text(2).value_or(""));
    if (!file) {
        CommandCall front{{protocol::Json(), call.optional_text(3).value_or("")}, call.context};
        const auto uri = co_await file_of(front, FileKind::RunConfiguration, services_, ui_);
        if (!uri) co_return protocol::Json();
        file = path_of_uri(*uri);
    }
    const auto name = file->filename().string();
    auto configuration = co_await documents_.checked(std::move(*file));
    const auto progress = progress_.begin(localize("Preparing to debug on this computer"),
                                          ProgressFeature::Cancel::Offered);
    const async::LinkedStop either(call.stop(), progress.stop_token());
    auto resolved = co_await runner().prepare_debugging(std::move(configuration), either.token());
    resolved["name"] = fmt::format("Azure ML: {}", name);
    co_return completed(given, std::move(resolved));
}

asio::awaitable<void> LocalFeature::offer_debugger(std::stop_token stop) {
    ui::Message message{.kind = ui::MessageKind::Error};
    message.text = localize(
        "Debugging needs the extension Python Debugger (ms-python.debugpy). Install it, and start "
        "again.");
    const std::string install = localize(install_button);
    message.actions.push_back(install);
    const auto pressed = co_await ui_.message(std::move(message), stop);
    if (pressed == install) co_await ui_.show_page(debugger_page, stop);
}

}  // namespace aml::features
