#pragma once

#include "platform/file.hpp"
#include "snapshot/listing.hpp"

#include <filesystem>
#include <string>

namespace aml::snapshot {

FileStamp stamp_of(const platform::FileStatus& status);

/// An open file of a listing, read from front to back and compared with what the listing says about
/// it. Blocking.
class SnapshotFile final {
public:
    /// Throws: Unavailable when it cannot be opened, Rejected when it has changed since the listing
    /// was made.
    SnapshotFile(const Listing& listing, const File& file);

    /// Exactly `count` bytes from `offset` into `buffer`.
    /// Throws: Rejected when the file has become shorter, Unavailable when it cannot be read.
    void read(std::uint64_t offset, char* buffer, std::size_t count) const;

    /// Throws: Rejected when the file was changed since it was opened. Call after the last read.
    void check_unchanged() const;

private:
    [[noreturn]] void fail_changed() const;

    std::filesystem::path path_;
    FileStamp stamp_;
    platform::File file_;
};

/// A small file's text. Blocking. Throws: Unavailable when it cannot be read.
std::string read_whole_file(const std::filesystem::path& path);

}  // namespace aml::snapshot
