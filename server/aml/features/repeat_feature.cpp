#include "features/repeat_feature.hpp"

#include "async/run_blocking.hpp"
#include "features/azure_session.hpp"
#include "features/run_document.hpp"
#include "features/run_id.hpp"
#include "features/uri.hpp"
#include "features/workspace_names.hpp"
#include "runconfig/run_configuration.hpp"
#include "runs/run_code.hpp"
#include "state/atomic_file.hpp"
#include "submit/submitted_configuration.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <utility>

namespace aml::features {
namespace {

namespace fs = std::filesystem;

constexpr auto documents_folder = ".azureml";
constexpr auto compare_button = Localizable("Compare code");
constexpr auto restore_button = Localizable("Restore code…");

/// Writes it unless there is one, which may have been edited. Blocking.
void create_document(const fs::path& document, const std::string& text) {
    std::error_code failed;
    fs::create_directories(document.parent_path(), failed);
    if (failed) {
        throw Error(ErrorKind::Unavailable,
                    localize("Cannot save {}: {}.", document.string(), system_text(failed)));
    }
    state::create_atomically(document, text);
}

/// The folder of the code that a document made here is about.
fs::path code_beside(const fs::path& document) {
    return document.parent_path().parent_path();
}

}  // namespace

RepeatFeature::RepeatFeature(Services& services,
                             UiFeature& ui,
                             ComparisonFeature& comparisons,
                             RunFilesFeature& files)
    : services_(services),
      ui_(ui),
      comparisons_(comparisons),
      files_(files) {}

void RepeatFeature::bind(CommandsFeature& commands) {
    commands.add("azureml.run.repeatWithChanges",
                 [this](CommandCall call) { return repeat(std::move(call)); });
}

asio::awaitable<protocol::Json> RepeatFeature::repeat(CommandCall call) {
    const auto job = job_of(call.text("the id of a run"));
    const auto session = services_.session_of(job);
    const auto title = co_await comparisons_.title_of(job, call.stop());
    auto* connection = co_await session->access.connect(call.stop());
    std::string code(code_of_repeated);
    const auto text = co_await submit::submitted_configuration(
        connection->client, job, std::move(code), call.stop());
    fs::path document;
    // A document that was made before says itself which it is.
    if (const auto known = call.optional_text(2)) {
        document = path_of_uri(*known);
    } else {
        const auto folder = co_await folder_for(job, call.stop());
        if (!folder) co_return protocol::Json();
        document = *folder / documents_folder / (job.name() + ".job.json");
        auto create = [document, text] { create_document(document, text); };
        co_await async::run_blocking(services_.pool, std::move(create));
        co_await services_.state().remember_origin(document, job.to_string());
    }
    const RunDocument original{.kind = RunDocument::Kind::Configuration, .owner = job};
    protocol::FileChange change{.path = document.filename().string()};
    change.left = uri_of_document(original, job.name() + ".json");
    change.right = uri_of_path(document);
    protocol::ShowChangesParams changes;
    changes.title = localize("Changes to {}", title);
    changes.files.push_back(std::move(change));
    co_await services_.client.request<protocol::UiShowChanges>(std::move(changes), call.stop());
    services_.tasks.spawn(warn_of_workspace(job, document));
    services_.tasks.spawn(tell_of_code(job, document, title));
    co_return protocol::Json(uri_of_path(document));
}

asio::awaitable<std::optional<fs::path>> RepeatFeature::folder_for(azure::ResourceId job,
                                                                   std::stop_token stop) {
    const auto run = services_.session_of(job)->watcher.find(job);
    if (run && !run->script.empty()) co_return co_await folder_of_script(run->script);
    if (services_.folders.size() == 1) co_return services_.folders.front();
    protocol::PickFolderParams question{.title = localize("Folder with the code of the run"),
                                        .openLabel = localize("Use this folder")};
    const auto chosen = co_await services_.client.request<protocol::UiPickFolder>(
        std::move(question), std::move(stop));
    if (!chosen.uri) co_return std::nullopt;
    co_return path_of_uri(*chosen.uri);
}

asio::awaitable<fs::path> RepeatFeature::folder_of_script(fs::path script) {
    const auto last = co_await services_.state().last_run(script);
    if (!last) co_return script.parent_path();
    auto look = [configuration = last->configuration, script]() -> fs::path {
        try {
            const auto loaded = runconfig::load(configuration);
            return runconfig::code_folder(loaded).value_or(script.parent_path());
        } catch (const Error&) {
            // It was changed or removed since.
            return script.parent_path();
        }
    };
    co_return co_await async::run_blocking(services_.pool, std::move(look));
}

asio::awaitable<void> RepeatFeature::warn_of_workspace(azure::ResourceId job, fs::path document) {
    const auto bound = co_await bound_workspace(services_, document);
    const auto workspace = job.workspace();
    if (!bound || *bound == workspace) co_return;
    services_.tell(protocol::MessageType::Warning,
                   localize("This folder belongs to the workspace {}, and the run is in {}: select "
                            "that one, or check the names in the configuration.",
                            bound->name(),
                            workspace.name()));
}

asio::awaitable<void> RepeatFeature::tell_of_code(azure::ResourceId job,
                                                  fs::path document,
                                                  std::string title) {
    const auto stop = services_.tasks.stop_token();
    try {
        const auto count = co_await count_changes(job, document, stop);
        if (count == 0) co_return;
        const auto folder = code_beside(document);
        ui::Message message{.kind = ui::MessageKind::Warning};
        message.text = count == 1 ? localize("The code in {} differs from that of {} in 1 file.",
                                             folder.filename().string(),
                                             title)
                                  : localize("The code in {} differs from that of {} in {} files.",
                                             folder.filename().string(),
                                             title,
                                             count);
        const std::string compare = localize(compare_button);
        const std::string restore = localize(restore_button);
        message.actions = {compare, restore};
        const auto pressed = co_await ui_.message(std::move(message), stop);
        if (pressed == compare) co_await comparisons_.compare_with_folder(job, folder, stop);
        if (pressed == restore) co_await files_.restore_code(job, stop);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        services_.tell(protocol::MessageType::Warning, error.message());
    }
}

asio::awaitable<std::size_t> RepeatFeature::count_changes(azure::ResourceId job,
                                                          fs::path document,
                                                          std::stop_token stop) {
    const auto session = services_.session_of(job);
    auto* connection = co_await session->access.connect(stop);
    runs::RunCode code;
    try {
        auto known = co_await runs::read_code(connection->client, job, stop);
        code = std::move(known);
    } catch (const Error& error) {
        // Sent without code, or it is gone.
        if (error.kind() == ErrorKind::NotFound) co_return 0;
        throw;
    }
    const auto folder = code_beside(document);
    const auto own = document.lexically_relative(folder).generic_string();
    auto changes = co_await runs::compare_with_folder(
        connection->client, services_.pool, std::move(code), folder, stop);
    std::erase_if(changes, [&](const runs::CodeChange& change) { return change.path == own; });
    co_return changes.size();
}

}  // namespace aml::features
