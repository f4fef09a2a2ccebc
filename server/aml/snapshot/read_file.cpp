#include "snapshot/read_file.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace aml::snapshot {
namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) {
    return time.tv_sec * ns_per_second + time.tv_nsec;
}

[[noreturn]] void fail_to_read(const std::filesystem::path& path, int reason) {
    throw Error(ErrorKind::Unavailable,
                localize("Cannot read {}: {}. Make it readable, or list it in the ignore file.",
                         path.string(),
                         system_text(reason)));
}

}  // namespace

FileStamp stamp_of(const struct stat& status) {
    return {.size = static_cast<std::uint64_t>(status.st_size),
            .modified_ns = nanoseconds(status.st_mtim),
            .changed_ns = nanoseconds(status.st_ctim),
            .device = status.st_dev,
            .inode = status.st_ino};
}

SnapshotFile::SnapshotFile(const Listing& listing, const File& file)
    : path_(listing.root / file.path),
      stamp_(file.stamp),
      descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (descriptor_ < 0) {
        if (errno == ENOENT || errno == ENOTDIR) fail_changed();
        fail_to_read(path_, errno);
    }
    try {
        check_unchanged();
    } catch (const Error&) {
        ::close(descriptor_);
        throw;
    }
}

SnapshotFile::~SnapshotFile() {
    ::close(descriptor_);
}

void SnapshotFile::read(std::uint64_t offset, char* buffer, std::size_t count) const {
    while (count > 0) {
        const auto got = ::pread(descriptor_, buffer, count, static_cast<off_t>(offset));
        if (got == 0) fail_changed();
        if (got < 0) {
            if (errno == EINTR) continue;
            fail_to_read(path_, errno);
        }
        buffer += got;
        offset += static_cast<std::uint64_t>(got);
        count -= static_cast<std::size_t>(got);
    }
}

void SnapshotFile::check_unchanged() const {
    struct stat status {};

    if (::fstat(descriptor_, &status) != 0) fail_to_read(path_, errno);
    if (stamp_of(status) != stamp_) fail_changed();
}

void SnapshotFile::fail_changed() const {
    throw Error(
        ErrorKind::Rejected,
        localize(
            "{} changed while it was being read. Submit again when nothing writes to it, or list "
            "it in the ignore file.",
            path_.string()));
}

std::string read_whole_file(const std::filesystem::path& root, const std::string& path) {
    struct stat status {};

    const auto full = root / path;
    if (::stat(full.c_str(), &status) != 0) fail_to_read(full, errno);
    Listing listing;
    listing.root = root;
    const SnapshotFile file(listing, {path, stamp_of(status)});
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    file.read(0, text.data(), text.size());
    return text;
}

}  // namespace aml::snapshot
