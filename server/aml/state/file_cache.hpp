#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace aml::state {

/// A folder of what can be found out again: contents by key, a file each. Every process that uses
/// the directory may read and write; a file is whole or is not there, one that is not what was
/// written counts as absent. What was not used for longest goes when there is too much. All calls
/// are blocking; a FileCache is a value without state of its own and may be used from any thread.
class FileCache final {
public:
    /// Holds at most `most_bytes` beyond what is being written.
    FileCache(std::filesystem::path directory, std::uint64_t most_bytes);

    /// Absent when it is not known, or cannot be read.
    std::optional<std::string> read(std::string_view key) const;

    /// Throws: Unavailable naming the file, the reason and the remedy.
    void write(std::string_view key, std::string_view content) const;

private:
    std::filesystem::path file_of(std::string_view key) const;
    void make_room() const;

    std::filesystem::path directory_;
    std::uint64_t most_bytes_;
};

}  // namespace aml::state
