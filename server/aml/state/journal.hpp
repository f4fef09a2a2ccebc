#pragma once

#include "platform/file.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace aml::state {

/// A submission that is about to be sent: enough to ask Azure what became of it, and to tell the
/// user.
struct Submission {
    /// The job's name, chosen by us; the run's id.
    std::string job_name;
    /// ARM endpoint the job was sent to, e.g. "https://management.azure.com".
    std::string arm_endpoint;
    /// ARM id of the workspace.
    std::string workspace_id;
    std::string display_name;
    std::string experiment;
    /// Absolute path of the script; may be empty.
    std::string script;
    /// Absolute path of the run configuration.
    std::string configuration;
    /// SHA-256 of everything the job says but its name: tells a repeated attempt from a new wish.
    std::string digest;
    /// RFC 3339, UTC.
    std::string submitted_at;

    bool operator==(const Submission&) const = default;
};

nlohmann::json to_json(const Submission& submission);
/// Throws: Rejected when a member is missing or of another type.
Submission submission_from_json(const nlohmann::json& json);

/// One entry of the journal, locked while this object lives; a process that dies lets go of it.
class JournalEntry final {
public:
    JournalEntry(Submission submission, std::filesystem::path file, platform::File lock);

    const Submission& submission() const { return submission_; }

    /// Removes the entry: its outcome is known. Blocking. Throws: Unavailable when the directory is
    /// read-only.
    void settle();

private:
    Submission submission_;
    std::filesystem::path file_;
    platform::File lock_;
};

/// Submissions whose outcome is not known yet, one file each: a crash between choosing a job's name
/// and Azure's answer leaves the file, and whoever starts next asks Azure for that name. All calls
/// are blocking.
class Journal final {
public:
    /// Entries live in `<state directory>/journal`.
    explicit Journal(const std::filesystem::path& state_directory);

    /// Makes the directory, and finds out that entries can be made in it before anything is sent
    /// for their sake. Throws: Unavailable (read-only, not a directory).
    void require_writable() const;

    /// Writes an entry to disk (fsync) and keeps it locked. Throws: Unavailable (full, read-only).
    JournalEntry open(Submission submission) const;

    /// The entries whose writers are gone, locked by the caller from now on. Damaged ones are put
    /// aside. Throws: Unavailable when entries exist but the directory is read-only.
    std::vector<JournalEntry> abandoned() const;

private:
    std::filesystem::path directory_;
};

}  // namespace aml::state
