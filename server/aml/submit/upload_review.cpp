#include "submit/upload_review.hpp"

#include "async/run_blocking.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>
#include <variant>

namespace aml::submit {
namespace {

namespace fs = std::filesystem;

// Folders whose answers are remembered.
constexpr std::size_t max_reviewed = 200;

struct Folder {
    fs::path path;
    snapshot::Contents contents = snapshot::Contents::Code;
};

/// What is remembered of a folder: what was seen last, and what the user said of it.
struct Verdicts {
    std::string fingerprint;
    std::set<std::string> sent;
    std::set<std::string> left_out;
};

struct ReviewedFolder {
    fs::path path;
    std::shared_ptr<const snapshot::Listing> listing;
    Verdicts verdicts;
    /// Nobody has said anything of these.
    std::vector<snapshot::Finding> unanswered;
    /// The listing is another one than what was seen last, and its times can be trusted.
    bool is_news = false;
};

LocalizedText name_of(const snapshot::Finding& finding) {
    switch (finding.concern) {
        case snapshot::Concern::PrivateKey:
            return localize("private key");
        case snapshot::Concern::Credentials:
            return localize("credentials");
        case snapshot::Concern::SecretSettings:
            return localize("settings with secrets");
        case snapshot::Concern::History:
            return localize("history of what was typed");
        case snapshot::Concern::NotebookOutputs:
            return localize("notebook with outputs");
        case snapshot::Concern::LargeData:
            break;
    }
    return localize("large data");
}

std::set<std::string> texts_of(const nlohmann::json& entry, const char* key) {
    std::set<std::string> texts;
    const auto list = entry.find(key);
    if (list == entry.end() || !list->is_array()) return texts;
    for (const auto& text : *list) {
        if (text.is_string()) texts.insert(text.get<std::string>());
    }
    return texts;
}

Verdicts verdicts_of(const state::Entries& entries, const fs::path& folder) {
    const auto found = entries.find(folder.string());
    if (found == entries.end() || !found->second.is_object()) return {};
    const auto& entry = found->second;
    return {text_member(entry, "fingerprint").value_or(""),
            texts_of(entry, "sent"),
            texts_of(entry, "leftOut")};
}

nlohmann::json to_json(const ReviewedFolder& folder) {
    return {{"fingerprint", folder.verdicts.fingerprint},
            {"sent", folder.verdicts.sent},
            {"leftOut", folder.verdicts.left_out},
            {"seenNs", folder.listing->seen_ns}};
}

void forget_oldest(state::Entries& entries) {
    const auto seen = [](const auto& entry) {
        const auto& value = entry.second;
        return value.is_object() ? value.value("seenNs", nlohmann::json(0)) : nlohmann::json(0);
    };
    while (entries.size() > max_reviewed) {
        entries.erase(std::min_element(
            entries.begin(), entries.end(), [&](const auto& left, const auto& right) {
                return seen(left) < seen(right);
            }));
    }
}

enum class Sources { Folders, FoldersAndFiles };

/// Every folder that the configuration sends. Blocking.
std::vector<Folder> folders_of(const runconfig::RunConfiguration& configuration,
                               Sources sources = Sources::Folders) {
    std::vector<Folder> folders;
    const auto add = [&](const fs::path& path, snapshot::Contents contents) {
        std::error_code error;
        const bool known = std::any_of(folders.begin(), folders.end(), [&](const Folder& folder) {
            return folder.path == path;
        });
        const bool counts = fs::is_directory(path, error) ||
                            (sources == Sources::FoldersAndFiles && fs::exists(path, error));
        if (!known && counts) folders.push_back({path, contents});
    };
    for (const auto& placed : runconfig::programs_of(configuration)) {
        if (const auto code = runconfig::code_folder(placed)) add(*code, snapshot::Contents::Code);
        const auto* made = std::get_if<runconfig::InlineEnvironment>(&placed.program->environment);
        if (made != nullptr && made->build && runconfig::is_local(made->build->path))
            add(runconfig::local_path(placed.file, made->build->path), snapshot::Contents::Code);
    }
    const auto add_inputs = [&](const std::map<std::string, runconfig::Input>& inputs) {
        for (const auto& [name, input] : inputs) {
            const auto* data = std::get_if<runconfig::DataInput>(&input);
            if (data == nullptr || !runconfig::is_local(data->path)) continue;
            add(runconfig::local_path(configuration.file, data->path), snapshot::Contents::Data);
        }
    };
    add_inputs(runconfig::basics_of(configuration.job).inputs);
    if (const auto* pipeline = std::get_if<runconfig::PipelineJob>(&configuration.job)) {
        for (const auto& step : pipeline->steps) add_inputs(step.inputs);
    }
    return folders;
}

/// The listing without what the user wants to stay here, and a note that says so.
std::shared_ptr<const snapshot::Listing> to_send(const snapshot::Listing& listing,
                                                 const std::set<std::string>& left_out) {
    std::vector<std::string> paths;
    for (const auto& path : left_out) {
        // A rule that keeps it is newer than the answer.
        if (!listing.kept.contains(path)) paths.push_back(path);
    }
    auto rest = snapshot::without(listing, paths);
    if (rest.files.empty()) {
        throw Error(ErrorKind::Rejected,
                    localize("Nothing of the folder {} is left to upload.", listing.root.string()));
    }
    if (rest.files.size() < listing.files.size()) {
        rest.notes.push_back(
            localize("Left out as you have said: {}. To send it all the same, write “!{}” in {}.",
                     fmt::join(paths, ", "),
                     paths.front(),
                     listing.ignore_file));
    }
    return std::make_shared<const snapshot::Listing>(std::move(rest));
}

ReviewedFolder look_at(const Folder& folder,
                       const state::Entries& entries,
                       const std::stop_token& stop) {
    auto listing = snapshot::list_files(folder.path, stop);
    ReviewedFolder reviewed{
        .path = folder.path, .listing = nullptr, .verdicts = {}, .unanswered = {}};
    reviewed.verdicts = verdicts_of(entries, folder.path);
    auto& verdicts = reviewed.verdicts;
    auto fingerprint = snapshot::fingerprint(listing);
    if (fingerprint != verdicts.fingerprint) {
        for (auto& finding : snapshot::inspect(listing, folder.contents, stop)) {
            if (!verdicts.sent.contains(finding.path) && !verdicts.left_out.contains(finding.path))
                reviewed.unanswered.push_back(std::move(finding));
        }
        if (snapshot::is_settled(listing, listing.seen_ns)) {
            verdicts.fingerprint = std::move(fingerprint);
            reviewed.is_news = true;
        }
    }
    reviewed.listing = std::make_shared<const snapshot::Listing>(std::move(listing));
    return reviewed;
}

std::vector<ReviewedFolder> look_at_all(const runconfig::RunConfiguration& configuration,
                                        const state::Entries& entries,
                                        const std::stop_token& stop) {
    std::vector<ReviewedFolder> all;
    for (const auto& folder : folders_of(configuration))
        all.push_back(look_at(folder, entries, stop));
    return all;
}

std::vector<UploadFinding> unanswered_of(const std::vector<ReviewedFolder>& folders) {
    std::vector<UploadFinding> all;
    for (const auto& folder : folders) {
        for (const auto& finding : folder.unanswered)
            all.push_back({folder.path, finding, folder.listing->ignore_file});
    }
    return all;
}

Error refusal(const std::vector<UploadFinding>& findings) {
    return {ErrorKind::Rejected,
            localize("This would go to Azure, where everybody in the workspace can read it:{}\n"
                     "List in {} what shall stay here, and with “!” before it what shall go.",
                     lines_of(findings),
                     findings.front().ignore_file)};
}

/// Puts the answers where they are remembered.
void note_answers(std::vector<ReviewedFolder>& folders, const std::vector<std::string>& goes) {
    for (auto& folder : folders) {
        for (const auto& finding : folder.unanswered) {
            const UploadFinding asked{folder.path, finding, {}};
            const bool sent = std::find(goes.begin(), goes.end(), asked.path()) != goes.end();
            (sent ? folder.verdicts.sent : folder.verdicts.left_out).insert(finding.path);
        }
        if (!folder.unanswered.empty()) folder.is_news = true;
        folder.unanswered.clear();
    }
}

/// What is not remembered yet.
state::Entries news_of(const std::vector<ReviewedFolder>& folders) {
    state::Entries news;
    for (const auto& folder : folders) {
        if (folder.is_news) news[folder.path.string()] = to_json(folder);
    }
    return news;
}

/// Throws: as `review_uploads`.
asio::awaitable<std::vector<std::string>> choose(AskWhatGoes ask,
                                                 std::vector<UploadFinding> findings,
                                                 std::stop_token stop) {
    if (!ask) throw refusal(findings);
    UploadChoice choice;
    try {
        auto asking = ask(findings, std::move(stop));
        choice = co_await std::move(asking);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Unavailable) throw;
        throw refusal(findings);
    }
    if (!choice) throw cancelled();
    co_return std::move(*choice);
}

SentFolder sent_folder(const Folder& folder,
                       const state::Entries& entries,
                       const std::stop_token& stop) {
    std::error_code error;
    SentFolder sent{.path = folder.path};
    if (!fs::is_directory(folder.path, error)) {
        sent.listing = std::make_shared<const snapshot::Listing>(snapshot::list_file(folder.path));
        return sent;
    }
    const auto listing = snapshot::list_files(folder.path, stop);
    const auto left_out = verdicts_of(entries, folder.path).left_out;
    for (const auto& path : left_out) {
        if (!listing.kept.contains(path)) sent.stays.push_back(path);
    }
    for (auto& finding : snapshot::inspect(listing, folder.contents, stop)) {
        if (left_out.contains(finding.path)) continue;
        sent.findings.push_back({folder.path, std::move(finding), listing.ignore_file});
    }
    sent.listing = to_send(listing, left_out);
    return sent;
}

}  // namespace

std::string UploadFinding::path() const {
    return (folder / finding.path).generic_string();
}

std::string UploadFinding::description() const {
    const auto what = name_of(finding);
    const auto size = human_size(finding.bytes);
    if (finding.path.ends_with('/')) {
        return finding.files == 1 ? localize("{}, 1 file, {}", what, size)
                                  : localize("{}, {} files, {}", what, finding.files, size);
    }
    return localize("{}, {}", what, size);
}

std::string lines_of(const std::vector<UploadFinding>& findings) {
    std::string lines;
    for (const auto& found : findings)
        lines += fmt::format("\n  {}  ({})", found.finding.path, found.description());
    return lines;
}

asio::awaitable<UploadChoice> ask_what_goes(ui::Prompter& prompter,
                                            std::vector<UploadFinding> findings,
                                            std::stop_token stop) {
    ui::PickQuestion question{
        .title = localize("Which of these shall go to Azure? The others are left out.")};
    question.placeholder = localize("Everybody in the workspace can read what goes.");
    question.can_pick_many = true;
    for (const auto& found : findings) {
        ui::PickItem row{.id = found.path(), .label = found.finding.path};
        row.description = found.description();
        row.icon = found.finding.concern == snapshot::Concern::LargeData ? "database" : "key";
        question.items.push_back(std::move(row));
    }
    const auto answered = co_await prompter.pick(std::move(question), std::move(stop));
    UploadChoice choice;
    if (const auto* picked = std::get_if<ui::Picked>(&answered)) choice = picked->ids;
    co_return choice;
}

asio::awaitable<ReviewedFolders> review_uploads(workspace::SavedState& state,
                                                runconfig::RunConfiguration configuration,
                                                AskWhatGoes ask,
                                                std::stop_token stop) {
    auto entries = co_await state.recall(workspace::StateFile::Uploads);
    std::vector<ReviewedFolder> folders;
    state::Entries news;
    for (;;) {
        auto looking = [configuration, entries, stop] {
            return look_at_all(configuration, entries, stop);
        };
        folders = co_await async::run_blocking(state.pool(), std::move(looking));
        auto findings = unanswered_of(folders);
        if (findings.empty()) break;
        const auto goes = co_await choose(ask, std::move(findings), stop);
        note_answers(folders, goes);
        // While a question is open, people go on writing: what is there now is looked at anew.
        for (auto& [path, entry] : news_of(folders)) entries[path] = news[path] = entry;
    }
    for (auto& [path, entry] : news_of(folders)) news[path] = entry;
    if (!news.empty()) {
        std::function<void(state::Entries&)> change = [news](state::Entries& all) {
            for (const auto& [path, entry] : news) all[path] = entry;
            forget_oldest(all);
        };
        co_await state.remember(workspace::StateFile::Uploads, std::move(change));
    }
    ReviewedFolders reviewed;
    for (const auto& folder : folders)
        reviewed[folder.path] = to_send(*folder.listing, folder.verdicts.left_out);
    co_return reviewed;
}

asio::awaitable<std::vector<SentFolder>> look_at_uploads(workspace::SavedState& state,
                                                         runconfig::RunConfiguration configuration,
                                                         std::stop_token stop) {
    auto entries = co_await state.recall(workspace::StateFile::Uploads);
    auto looking = [configuration = std::move(configuration), entries = std::move(entries), stop] {
        const auto code = runconfig::code_folder(configuration);
        std::vector<SentFolder> all;
        for (const auto& folder : folders_of(configuration, Sources::FoldersAndFiles)) {
            all.push_back(sent_folder(folder, entries, stop));
            all.back().is_code = code == folder.path;
        }
        return all;
    };
    co_return co_await async::run_blocking(state.pool(), std::move(looking));
}

}  // namespace aml::submit
