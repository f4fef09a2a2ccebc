#pragma once

#include "platform/folder.hpp"
#include "snapshot/ignore_file.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::snapshot {

/// A line of an ignore file.
struct IgnoreRule {
    /// Absolute.
    std::filesystem::path file;
    IgnoreLine line{};
};

/// The ignore files that hold in a code folder, while it is walked. `.amlignore` in the code
/// folder, or above it up to the root of its git repository, else `.gitignore`, says by its name
/// which ones count: those above up to the repository's root, the code folder's own and those of
/// the folders below, the deepest first; for `.gitignore` also the repository's `info/exclude`,
/// last. The user's own `core.excludesFile` does not count, as with azure-ai-ml: what it names
/// would be missing in Azure without the project saying so. A code folder that they ignore as a
/// whole is meant all the same: then those above do not count, with a note. Source: gitignore(5).
class IgnoreRules final {
public:
    /// None yet. `root` is absolute. Blocking.
    explicit IgnoreRules(std::filesystem::path root);

    /// The name of the ignore files that count.
    const std::string& file_name() const { return file_name_; }

    /// Reads what lies above the root. Blocking. Throws: Unavailable (an ignore file that cannot be
    /// read), Rejected (one that is no text).
    void read_above();

    /// A folder is entered: its ignore file counts from now on. `path` is relative to the root and
    /// ends in '/' unless it is empty; `place` is where it lies. Returns whether there is an ignore
    /// file, to be taken back with `leave`. Blocking. Throws as `read_above`.
    bool enter(const platform::Folder& folder,
               const std::string& path,
               const std::filesystem::path& place);
    void leave();

    /// What the last matching rule says of `path`, relative to the root and, as the rules are read,
    /// in normal form C: true = ignored, false =
    /// kept by a `!` rule, empty = no rule matches.
    std::optional<bool> verdict(std::string_view path, EntryKind kind) const;

    /// The rule that `verdict` goes by.
    std::optional<IgnoreRule> rule(std::string_view path, EntryKind kind) const;

    /// What is worth knowing of the ignore files read since the last call, one sentence each.
    std::vector<std::string> take_notes();

private:
    /// An ignore file and its folder, as a part of the paths that its rules are about.
    struct Scope {
        std::size_t base_length;
        IgnoreFile rules;
        std::filesystem::path file;
    };

    void add_above(const std::filesystem::path& file, std::size_t base_length);
    bool is_ignored_as_a_whole() const;
    std::optional<bool> verdict_of(std::string_view whole, EntryKind kind) const;
    IgnoreFile parse(const std::filesystem::path& file);

    std::filesystem::path root_;
    std::string file_name_;
    /// The root as seen from the repository's, ending in '/'; empty when they are the same.
    std::string prefix_;
    /// Outermost first.
    std::vector<Scope> scopes_;
    std::vector<std::string> notes_;
};

}  // namespace aml::snapshot
