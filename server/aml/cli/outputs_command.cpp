#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "runs/model_registration.hpp"
#include "runs/run_files.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr std::array outputs_options{
    workspace_option,
    OptionSpec{"--path", "FOLDER", Localizable("Only the files below this folder of the run.")},
    OptionSpec{
        "--download",
        "DIR",
        Localizable("Save them below this folder, under their paths. What is cut off is gone\n"
                    "on with the next time.")},
    OptionSpec{"--register",
               "NAME",
               Localizable("Register what --path names as the next version of the model NAME.")},
};

/// How far a download is, in the live line.
class Progress final {
public:
    Progress(Terminal& terminal, std::string path)
        : terminal_(terminal),
          path_(std::move(path)) {}

    void show(std::uint64_t done, std::uint64_t total) {
        const auto percent = total == 0 ? 100 : static_cast<int>(done * 100 / total);
        terminal_.live(fmt::format("{}  {} / {}", path_, human_size(done), human_size(total)),
                       percent);
    }

private:
    Terminal& terminal_;
    std::string path_;
};

asio::awaitable<void> save(Invocation& invocation,
                           azure::Client& client,
                           azure::ResourceId job,
                           std::string path,
                           std::filesystem::path folder,
                           std::stop_token stop) {
    auto& terminal = invocation.terminal;
    const auto target = runs::place_for(folder, path);
    Progress progress(terminal, path);
    runs::OnBytes show = [&progress](std::uint64_t done, std::uint64_t total) {
        progress.show(done, total);
    };
    const auto address = co_await runs::file_address(client, std::move(job), path, stop);
    const auto fetched = co_await runs::download(
        client, invocation.state.pool(), address, path, target, std::move(show), std::move(stop));
    terminal.live("");
    const bool was_there = fetched == runs::Fetched::WasThere;
    terminal.value({{"path", path}, {"file", target.string()}, {"downloaded", !was_there}});
    terminal.line(was_there ? localize("{}  (was there)", target.string()).shown()
                            : target.string());
}

/// Throws: as `runs::register_model`.
asio::awaitable<void> register_as(Invocation& invocation,
                                  azure::Client& client,
                                  azure::ResourceId job,
                                  std::string name,
                                  std::stop_token stop) {
    auto path = invocation.line.value("--path").value_or(std::string());
    while (path.ends_with('/')) path.pop_back();
    if (path.empty()) {
        throw Error(ErrorKind::InvalidParams,
                    localize("--register needs --path with the file or folder of the model."));
    }
    const auto model = co_await runs::register_model(
        client, std::move(job), std::move(path), std::move(name), std::move(stop));
    invocation.terminal.value(
        {{"name", model.name}, {"version", model.version}, {"type", model.type}});
    invocation.terminal.line(fmt::format("{}:{}", model.name, model.version));
}

/// Throws: as `find_job`, `runs::download` and `runs::register_model`; NotFound (the run).
asio::awaitable<ExitCode> show_outputs(Invocation& invocation, std::stop_token stop) {
    const auto job = co_await find_job(invocation, stop);
    auto* connection = co_await invocation.access.connect(stop);
    auto& client = connection->client;
    // The service of files has an empty list for a run that there is not.
    co_await read_run(client, job, stop);
    if (auto name = invocation.line.value("--register")) {
        co_await register_as(invocation, client, job, std::move(*name), std::move(stop));
        co_return ExitCode::Completed;
    }
    auto wanted = invocation.line.value("--path").value_or(std::string());
    const auto paths = co_await runs::run_files(client, job, std::move(wanted), stop);
    const auto folder = invocation.line.value("--download");
    for (const auto& path : paths) {
        if (folder) {
            co_await save(invocation, client, job, path, invocation.directory / *folder, stop);
        } else {
            invocation.terminal.value({{"path", path}});
            invocation.terminal.line(path);
        }
    }
    if (paths.empty()) invocation.terminal.remark(localize("The run has no such files."));
    co_return ExitCode::Completed;
}

}  // namespace

const Command outputs_command{
    .name = "outputs",
    .operand = "JOB",
    .operand_required = true,
    .summary = Localizable("List the files a run left, download them, or register a model"),
    .description =
        Localizable("All but its logs, which 'aml logs' shows. JOB is the run's name, as\n"
                    "'aml jobs' shows it, or its ARM id."),
    .options = outputs_options,
    .handler = show_outputs};

}  // namespace aml::cli
