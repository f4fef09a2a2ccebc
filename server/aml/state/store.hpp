#pragma once

#include "state/change_log.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace aml::state {

/// What a store file holds, and what the user should know about reading it.
struct Loaded {
    Entries entries;
    /// Set when the file was damaged or of another version and has been put aside: one sentence
    /// with both names.
    std::optional<std::string> notice;
};

/// Entries by key in one JSON file, `{"version":1,"entries":{…}}`, and what has changed since it
/// was written, in a `ChangeLog` beside it. Shared by every process that uses the directory: each
/// change is made under a lock, so no process loses another's entries. All calls are blocking; a
/// Store is a value without state of its own and may be used from any thread.
class Store final {
public:
    /// `name` is the file's name without ".json"; the changes are in `name`.changes. `version` goes
    /// into the file; another one is put aside.
    Store(std::filesystem::path directory, std::string name, int version = 1);

    /// Empty when there is no file. A file that is not ours to understand is renamed to
    /// `<name>.json.damaged-<time>`. Throws: Unavailable when an existing file cannot be read.
    Loaded load() const;

    /// Sets single entries, and takes away those that are null. Costs what they cost, however many
    /// entries there are: they are appended, and the file is written whole once the appended have
    /// outgrown it. Returns and throws as `update`.
    std::optional<std::string> put(const Entries& changes) const;

    /// Applies `change` to the current entries and writes them whole; returns the notice of
    /// reading, if any. Throws: Unavailable (full, read-only, locked too long), the file is then as
    /// before; what `change` throws.
    std::optional<std::string> update(const std::function<void(Entries&)>& change) const;

    const std::filesystem::path& file() const { return file_; }

private:
    Loaded read_locked() const;
    Loaded write_changes_in() const;
    void write(const Entries& entries) const;

    std::filesystem::path file_;
    std::filesystem::path lock_;
    ChangeLog changes_;
    int version_;
};

}  // namespace aml::state
