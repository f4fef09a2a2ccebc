#include "features/run_files_feature.hpp"

#include "async/linked_stop.hpp"
#include "features/azure_session.hpp"
#include "features/owned_files.hpp"
#include "features/run_document.hpp"
#include "features/run_id.hpp"
#include "features/uri.hpp"
#include "runs/run_code.hpp"
#include "runs/run_files.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace aml::features {
namespace {

constexpr std::string_view run_wanted = "the id of a run";

}  // namespace

RunFilesFeature::RunFilesFeature(Services& services, ProgressFeature& progress, UiFeature& ui)
    : services_(services),
      progress_(progress),
      ui_(ui) {}

void RunFilesFeature::bind(CommandsFeature& commands) {
    commands.add("azureml.run.download",
                 [this](CommandCall call) { return download(std::move(call)); });
    commands.add("azureml.file.open", [this](CommandCall call) { return open(std::move(call)); });
    commands.add("azureml.run.restoreCode", [this](CommandCall call) {
        return restore_code(job_of(call.text(run_wanted)), call.stop());
    });
}

asio::awaitable<protocol::Json> RunFilesFeature::download(CommandCall call) {
    const auto wanted = owned_files(call);
    const auto session = services_.session_of(wanted.owner);
    auto* connection = co_await session->access.connect(call.stop());
    auto opened = co_await source_of(connection->client, wanted.owner, call.stop());
    const auto source = std::make_shared<runs::FileSource>(std::move(opened));
    const auto paths = co_await source->files(wanted.path, call.stop());
    if (paths.empty()) {
        throw Error(ErrorKind::Rejected,
                    !wanted.path.empty() ? localize("There is no file {}.", wanted.path)
                    : wanted.is_of_run() ? localize("The run has left no files.")
                                         : localize("The model has no files."));
    }
    std::vector<Wanted> files;
    for (const auto& path : paths) {
        // The session keeps the client.
        auto address = [session, source, path](std::stop_token stop) {
            return source->address(path, std::move(stop));
        };
        files.push_back({path, std::move(address)});
    }
    auto title = wanted.is_of_run() ? localize("Download the run's files")
                                    : localize("Download the model's files");
    auto saved = co_await save(session, std::move(title), std::move(files), call.stop());
    co_return saved;
}

asio::awaitable<protocol::Json> RunFilesFeature::open(CommandCall call) {
    auto file = owned_files(call);
    RunDocument document{.kind = RunDocument::Kind::File, .owner = std::move(file.owner)};
    document.path = std::move(file.path);
    const auto uri = uri_of_document(document, document.path);
    co_await ui_.show_file(uri, call.stop());
    co_return protocol::Json(uri);
}

asio::awaitable<protocol::Json> RunFilesFeature::restore_code(azure::ResourceId job,
                                                              std::stop_token stop) {
    const auto session = services_.session_of(job);
    auto* connection = co_await session->access.connect(stop);
    auto code = co_await runs::read_code(connection->client, std::move(job), stop);
    std::vector<Wanted> files;
    for (auto& file : code.files) {
        auto address = [session, known = std::move(file.address)](
                           const std::stop_token&) -> asio::awaitable<azure::BlobAddress> {
            co_return known;
        };
        files.push_back({std::move(file.path), std::move(address)});
    }
    auto saved = co_await save(
        session, localize("Restore the run's code"), std::move(files), std::move(stop));
    co_return saved;
}

asio::awaitable<protocol::Json> RunFilesFeature::save(std::shared_ptr<AzureSession> session,
                                                      std::string title,
                                                      std::vector<Wanted> files,
                                                      std::stop_token stop) {
    protocol::PickFolderParams question{.title = title, .openLabel = localize("Save here")};
    const auto chosen =
        co_await services_.client.request<protocol::UiPickFolder>(std::move(question), stop);
    if (!chosen.uri) co_return protocol::Json();
    const auto folder = path_of_uri(*chosen.uri);
    auto progress = progress_.begin(title, ProgressFeature::Cancel::Offered);
    const async::LinkedStop either(stop, progress.stop_token());
    co_await save_all(std::move(session), folder, files, progress, either.token());
    const auto place = folder.string();
    services_.tell(protocol::MessageType::Info,
                   files.size() == 1 ? localize("1 file was saved in {}.", place)
                                     : localize("{} files were saved in {}.", files.size(), place));
    co_return protocol::Json(uri_of_path(folder));
}

asio::awaitable<void> RunFilesFeature::save_all(std::shared_ptr<AzureSession> session,
                                                std::filesystem::path folder,
                                                const std::vector<Wanted>& files,
                                                Progress& progress,
                                                std::stop_token stop) {
    auto* connection = co_await session->access.connect(stop);
    // All are looked at before the first is saved.
    std::vector<std::filesystem::path> targets;
    for (const auto& file : files) targets.push_back(runs::place_for(folder, file.path));
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& path = files[i].path;
        const auto address = co_await files[i].address(stop);
        runs::OnBytes show = [&](std::uint64_t done, std::uint64_t total) {
            const auto share =
                total == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
            const auto percent =
                (static_cast<double>(i) + share) / static_cast<double>(files.size());
            progress.report(fmt::format("{}  {} / {}", path, human_size(done), human_size(total)),
                            static_cast<int>(percent * 100));
        };
        co_await runs::download(
            connection->client, services_.pool, address, path, targets[i], std::move(show), stop);
    }
}

}  // namespace aml::features
