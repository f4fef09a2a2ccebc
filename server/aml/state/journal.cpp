#include "state/journal.hpp"

#include "state/atomic_file.hpp"
#include "state/set_aside.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
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

bool still_linked(const Descriptor& descriptor) {
    struct stat status {};

    return ::fstat(descriptor.get(), &status) == 0 && status.st_nlink > 0;
}

/// The entry if nobody holds it; damaged files are put aside.
std::optional<JournalEntry> take(const std::filesystem::path& file) {
    Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CLOEXEC));
    if (!descriptor.is_open() || !try_lock(descriptor) || !still_linked(descriptor))
        return std::nullopt;
    const auto text = read_file(file);
    if (!text) return std::nullopt;
    auto submission = parse_submission(*text);
    if (!submission) {
        set_aside(file, localize("it is not a journal entry").shown());
        return std::nullopt;
    }
    return JournalEntry(std::move(*submission), file, std::move(descriptor));
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

JournalEntry::JournalEntry(Submission submission, std::filesystem::path file, Descriptor lock)
    : submission_(std::move(submission)),
      file_(std::move(file)),
      lock_(std::move(lock)) {}

void JournalEntry::settle() {
    if (::unlink(file_.c_str()) != 0 && errno != ENOENT) {
        throw Error(ErrorKind::Unavailable, write_failure(file_, errno));
    }
    lock_ = Descriptor();
}

Journal::Journal(const std::filesystem::path& state_directory)
    : directory_(state_directory / "journal") {}

void Journal::require_writable() const {
    const FileLock guard(directory_ / guard_name);
    // The guard may be older than the wish to keep the directory as it is.
    if (::access(directory_.c_str(), W_OK) != 0) {
        throw Error(ErrorKind::Unavailable, write_failure(directory_ / guard_name, errno));
    }
}

JournalEntry Journal::open(Submission submission) const {
    const FileLock guard(directory_ / guard_name);
    const auto file = directory_ / (submission.job_name + ".json");
    write_atomically(file, to_json(submission).dump(1));
    Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CLOEXEC));
    if (!descriptor.is_open() || !try_lock(descriptor)) {
        throw Error(ErrorKind::Unavailable, write_failure(file, errno));
    }
    return {std::move(submission), file, std::move(descriptor)};
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
