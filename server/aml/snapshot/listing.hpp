#pragma once

#include "snapshot/ignore_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::snapshot {

/// What tells one state of a file from another without reading it.
struct FileStamp {
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
    /// Time of the last change of the inode; programs cannot set it back.
    std::int64_t changed_ns = 0;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    bool operator==(const FileStamp&) const = default;
};

/// One file of a snapshot.
struct File {
    /// Relative to the root, UTF-8 in normal form C, '/' between the parts, in the case it has on
    /// disk: the same on every system.
    std::string path;
    FileStamp stamp{};
    /// The path as the disk has it, where that is another spelling; else empty.
    std::string on_disk{};
};

/// What an ignore file leaves out.
struct LeftOut {
    /// Relative to the root; a folder's ends in '/'.
    std::string path;
    /// The rule that does it.
    IgnoreRule rule;
};

/// The files that go to Azure.
struct Listing {
    /// Absolute.
    std::filesystem::path root;
    /// In the order of the content hash.
    std::vector<File> files;
    std::uint64_t bytes = 0;
    /// What was left out and why, one sentence each (virtual environments, sockets, links that lead
    /// in a circle), and what is wrong with ignore files.
    std::vector<std::string> notes;
    /// What ignore files leave out, in the order of the walk, as far as it is worth telling: a
    /// thousand files and folders at most.
    std::vector<LeftOut> left_out;
    /// How many more there are.
    std::size_t more_left_out = 0;
    /// Paths that a `!` rule of an ignore file keeps; a folder's ends in '/'.
    std::set<std::string> kept;
    /// The name of the ignore files that count, e.g. ".gitignore"; empty for a single file.
    std::string ignore_file;
    /// When it was begun, in nanoseconds since 1970.
    std::int64_t seen_ns = 0;

    /// The name of the folder in blob addresses: the base name of the root, in normal form C.
    std::string folder_name() const;

    /// Where a file lies.
    std::filesystem::path place_of(const File& file) const;
};

/// Walks the code folder. Ignore files count as `IgnoreRules` says, with git's rules; an ignored
/// folder is not entered; `.git` and `.azureml/runs` never go. Left out with a note are what is
/// made anew where it is needed (`made_anew.hpp`) and no rule of an ignore file keeps, links that
/// lead back to a folder they lie in, sockets, pipes and devices. Other links are followed, a link
/// to a folder counts as that folder. Blocking; stops within a folder's listing. Throws: NotFound
/// (no such folder), Rejected (not a folder, one that is too wide (`wide_folder.hpp`), nothing to
/// upload, a name that is not UTF-8 or too long for a blob, two files of one name, an ignore file
/// that is no text), Unavailable (a file or folder that cannot be read, by name), Cancelled.
Listing list_files(const std::filesystem::path& root, std::stop_token stop);

/// One file, as if it were the only one of its folder; no ignore file counts. Blocking. Throws:
/// NotFound, Rejected (not a file, a name that is not UTF-8 or too long for a blob), Unavailable.
Listing list_file(const std::filesystem::path& file);

/// A digest of names, sizes and times: equal for two listings means equal content, if `is_settled`.
std::string fingerprint(const Listing& listing);

/// Whether the times can be trusted: false when a file changed less than two seconds before
/// `seen_ns` (nanoseconds since 1970, taken before the walk), for then a later change could leave
/// the times as they are.
bool is_settled(const Listing& listing, std::int64_t seen_ns);

}  // namespace aml::snapshot
