#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace aml::state {

using Entries = std::map<std::string, nlohmann::json>;

/// What a store file holds, and what the user should know about reading it.
struct Loaded {
    Entries entries;
    /// Set when the file was damaged or of another version and has been put aside: one sentence
    /// with both names.
    std::optional<std::string> notice;
};

/// Entries by key in one JSON file, `{"version":1,"entries":{…}}`, shared by every process that
/// uses the directory: each change locks the file, reads it, changes it and replaces it, so no
/// process loses another's entries. All calls are blocking; a Store is a value without state of its
/// own and may be used from any thread.
class Store final {
public:
    /// `name` is the file's name without ".json". `version` goes into the file; another one is put
    /// aside.
    Store(std::filesystem::path directory, std::string name, int version = 1);

    /// Empty when there is no file. A file that is not ours to understand is renamed to
    /// `<name>.json.damaged-<time>`. Throws: Unavailable when an existing file cannot be read.
    Loaded load() const;

    /// Applies `change` to the current entries and saves them; returns the notice of reading, if
    /// any. Throws: Unavailable (full, read-only, locked too long), the file is then as before;
    /// what `change` throws.
    std::optional<std::string> update(const std::function<void(Entries&)>& change) const;

    const std::filesystem::path& file() const { return file_; }

private:
    Loaded read_locked() const;

    std::filesystem::path file_;
    std::filesystem::path lock_;
    int version_;
};

}  // namespace aml::state
