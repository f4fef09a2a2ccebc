#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace aml::state {

using Entries = std::map<std::string, nlohmann::json>;

/// What has changed since a store's file was last written whole: a line of JSON for each entry,
/// `{"entry":…,"key":"…"}`, a null entry for one that was taken away. The same lines may be applied
/// again without harm. A line without its end was never acknowledged and does not count.
/// Writers hold the store's lock; readers need none. All calls are blocking.
class ChangeLog final {
public:
    struct Changes {
        /// The last word on each key; null for one that was taken away.
        Entries entries;
        /// Some lines were not such a line, and are left out.
        bool damaged = false;
    };

    explicit ChangeLog(std::filesystem::path file);

    /// Nothing when there is no file. Throws: Unavailable when it cannot be read.
    Changes read() const;

    /// Returns once the changes are on disk, and how large the file is now. Throws: Unavailable
    /// (full, read-only); nothing has changed then.
    std::uintmax_t append(const Entries& changes) const;

    /// Forgets all lines, durably. Nothing when there is no file. Throws: Unavailable.
    void clear() const;

    const std::filesystem::path& file() const { return file_; }

private:
    std::filesystem::path file_;
};

/// Puts `changes` into `entries`; a null one takes its entry away.
void apply(Entries& entries, Entries changes);

}  // namespace aml::state
