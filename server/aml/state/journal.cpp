#include "state/journal.hpp"

#include "state/atomic_file.hpp"
#include "state/file_lock.hpp"
#include "state/set_aside.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace aml::state {
namespace {

constexpr int journal_version = 1;
// Held while an entry is made or looked for, so that nobody finds one that its writer has not
// locked yet.
constexpr auto guard_name = "journal.lock";

std::string required_text(const nlohmann::json& json, const char* key) {
    auto text = text_member(json, key);
    if (!text) {
        throw Error(ErrorKind::Rejected, localize("The journal entry has no text \"{}\".", key));
    }
    return std::move(*text);
}

std::optional<Submission> parse_submission(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("version", 0) != journal_version) return std::nullopt;
    try {
        return submission_from_json(json);
    } catch (const Error&) {
        return std::nullopt;
    }
}

/// The file if nobody holds it, locked. Throws: `std::system_error`.
std::optional<platform::File> take_file(const std::filesystem::path& name) {
    auto file = platform::File::open_to_write(name);
    // Its owner may have settled it in between.
    if (!file.try_lock() || file.status().links == 0) return std::nullopt;
    return file;
}

/// The entry if nobody holds it; damaged files are put aside.
std::optional<JournalEntry> take(const std::filesystem::path& name) {
    std::optional<platform::File> file;
    try {
        file = take_file(name);
    } catch (const std::system_error&) {
        // It is gone by now, or not ours to touch.
        return std::nullopt;
    }
    if (!file) return std::nullopt;
    const auto text = read_file(name);
    if (!text) return std::nullopt;
    auto submission = parse_submission(*text);
    if (!submission) {
        set_aside(name, localize("it is not a journal entry").shown());
        return std::nullopt;
    }
    return JournalEntry(std::move(*submission), name, std::move(*file));
}

}  // namespace

nlohmann::json to_json(const Submission& submission) {
    return {{"version", journal_version},
            {"jobName", submission.job_name},
            {"armEndpoint", submission.arm_endpoint},
            {"workspaceId", submission.workspace_id},
            {"displayName", submission.display_name},
            {"experiment", submission.experiment},
            {"script", submission.script},
            {"configuration", submission.configuration},
            {"digest", submission.digest},
            {"submittedAt", submission.submitted_at}};
}

Submission submission_from_json(const nlohmann::json& json) {
    return {.job_name = required_text(json, "jobName"),
            .arm_endpoint = required_text(json, "armEndpoint"),
            .workspace_id = required_text(json, "workspaceId"),
            .display_name = required_text(json, "displayName"),
            .experiment = required_text(json, "experiment"),
            .script = required_text(json, "script"),
            .configuration = required_text(json, "configuration"),
            .digest = required_text(json, "digest"),
            .submitted_at = required_text(json, "submittedAt")};
}

JournalEntry::JournalEntry(Submission submission, std::filesystem::path file, platform::File lock)
    : submission_(std::move(submission)),
      file_(std::move(file)),
      lock_(std::move(lock)) {}

void JournalEntry::settle() {
    try {
        platform::remove_file(file_);
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::Unavailable, write_failure(file_, error.code()));
    }
    lock_ = platform::File();
}

Journal::Journal(const std::filesystem::path& state_directory)
    : directory_(state_directory / "journal") {}

void Journal::require_writable() const {
    const FileLock guard(directory_ / guard_name);
    try {
        // The guard may be older than the wish to keep the directory as it is.
        platform::require_writable_folder(directory_);
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::Unavailable, write_failure(directory_ / guard_name, error.code()));
    }
}

JournalEntry Journal::open(Submission submission) const {
    const FileLock guard(directory_ / guard_name);
    const auto name = directory_ / (submission.job_name + ".json");
    write_atomically(name, to_json(submission).dump(1));
    try {
        // Nobody else takes it while the guard is held.
        auto file = take_file(name);
        if (!file) throw std::system_error(std::make_error_code(std::errc::no_lock_available));
        return {std::move(submission), name, std::move(*file)};
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::Unavailable, write_failure(name, error.code()));
    }
}

std::vector<JournalEntry> Journal::abandoned() const {
    std::error_code error;
    if (!std::filesystem::exists(directory_, error)) return {};
    const FileLock guard(directory_ / guard_name);
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<JournalEntry> entries;
    for (const auto& file : files) {
        if (auto entry = take(file)) entries.push_back(std::move(*entry));
    }
    return entries;
}

}  // namespace aml::state
