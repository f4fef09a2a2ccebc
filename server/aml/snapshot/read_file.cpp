#include "snapshot/read_file.hpp"

#include "platform/folder.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <system_error>

namespace aml::snapshot {
namespace {

[[noreturn]] void fail_to_read(const std::filesystem::path& path, const std::system_error& error) {
    throw Error(ErrorKind::Unavailable,
                localize("Cannot read {}: {}. Make it readable, or list it in the ignore file.",
                         path.string(),
                         system_text(error.code())));
}

}  // namespace

FileStamp stamp_of(const platform::FileStatus& status) {
    return {.size = status.size,
            .modified_ns = status.modified_ns,
            .changed_ns = status.changed_ns,
            .device = status.device,
            .inode = status.inode};
}

SnapshotFile::SnapshotFile(const Listing& listing, const File& file)
    : path_(listing.place_of(file)),
      stamp_(file.stamp) {
    try {
        file_ = platform::File::open(path_);
    } catch (const std::system_error& error) {
        const auto& code = error.code();
        if (code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory)
            fail_changed();
        fail_to_read(path_, error);
    }
    check_unchanged();
}

void SnapshotFile::read(std::uint64_t offset, char* buffer, std::size_t count) const {
    try {
        while (count > 0) {
            const auto got = file_.read_at(offset, buffer, count);
            if (got == 0) fail_changed();
            buffer += got;
            offset += got;
            count -= got;
        }
    } catch (const std::system_error& error) {
        fail_to_read(path_, error);
    }
}

void SnapshotFile::check_unchanged() const {
    try {
        if (stamp_of(file_.status()) != stamp_) fail_changed();
    } catch (const std::system_error& error) {
        fail_to_read(path_, error);
    }
}

void SnapshotFile::fail_changed() const {
    throw Error(
        ErrorKind::Rejected,
        localize(
            "{} changed while it was being read. Submit again when nothing writes to it, or list "
            "it in the ignore file.",
            path_.string()));
}

std::string read_whole_file(const std::filesystem::path& path) {
    FileStamp stamp;
    try {
        stamp = stamp_of(platform::status(path));
    } catch (const std::system_error& error) {
        fail_to_read(path, error);
    }
    Listing listing;
    listing.root = path.parent_path();
    const SnapshotFile file(listing, {path.filename().string(), stamp});
    std::string text(static_cast<std::size_t>(stamp.size), '\0');
    file.read(0, text.data(), text.size());
    return text;
}

}  // namespace aml::snapshot
