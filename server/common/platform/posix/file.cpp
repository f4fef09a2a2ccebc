#include "platform/file.hpp"

#include "platform/error.hpp"
#include "platform/posix/status.hpp"
#include "platform/posix/system.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace aml::platform {
namespace {

int open_file(const std::filesystem::path& path, int flags, Readers readers = Readers::Owner) {
    const mode_t mode = readers == Readers::Owner ? 0600 : 0644;
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK, mode);
    if (descriptor < 0) throw_last_error("open", path);
    return descriptor;
}

int number_of(std::intptr_t handle) {
    return static_cast<int>(handle);
}

}  // namespace

FileStatus file_status(const struct stat& status) {
    FileStatus result;
    if (S_ISREG(status.st_mode)) result.kind = FileKind::Regular;
    if (S_ISDIR(status.st_mode)) result.kind = FileKind::Folder;
    if (S_ISLNK(status.st_mode)) result.kind = FileKind::Link;
    result.size = static_cast<std::uint64_t>(status.st_size);
    result.modified_ns = modified_ns(status);
    result.changed_ns = changed_ns(status);
    result.device = static_cast<std::uint64_t>(status.st_dev);
    result.inode = static_cast<std::uint64_t>(status.st_ino);
    result.links = static_cast<std::uint64_t>(status.st_nlink);
    return result;
}

File File::open(const std::filesystem::path& path) {
    return {path, open_file(path, O_RDONLY)};
}

File File::open_to_write(const std::filesystem::path& path) {
    return {path, open_file(path, O_RDWR)};
}

File File::open_or_create(const std::filesystem::path& path, Readers readers) {
    return {path, open_file(path, O_RDWR | O_CREAT, readers)};
}

File File::create_new(const std::filesystem::path& path, Readers readers) {
    return {path, open_file(path, O_RDWR | O_CREAT | O_EXCL, readers)};
}

void File::close() noexcept {
    if (is_open()) ::close(number_of(std::exchange(handle_, none)));
}

FileStatus File::status() const {
    struct stat status {};

    if (::fstat(number_of(handle_), &status) != 0) throw_last_error("fstat", path_);
    return file_status(status);
}

std::size_t File::read_at(std::uint64_t offset, char* buffer, std::size_t count) const {
    for (;;) {
        const auto got = ::pread(number_of(handle_), buffer, count, static_cast<off_t>(offset));
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) throw_last_error("read", path_);
    }
}

void File::write_at(std::uint64_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written =
            ::pwrite(number_of(handle_), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0) {
            if (errno == EINTR) continue;
            throw_last_error("write", path_);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
}

void File::resize(std::uint64_t size) {
    if (::ftruncate(number_of(handle_), static_cast<off_t>(size)) != 0)
        throw_last_error("truncate", path_);
}

void File::sync() {
    if (sync_to_disk(number_of(handle_)) != 0) throw_last_error("sync", path_);
}

bool File::try_lock() {
    while (::flock(number_of(handle_), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return false;
        if (errno != EINTR) throw_last_error("lock", path_);
    }
    return true;
}

void File::lock() {
    while (::flock(number_of(handle_), LOCK_EX) != 0) {
        if (errno != EINTR) throw_last_error("lock", path_);
    }
}

std::FILE* open_stream(const std::filesystem::path& path, Before before) {
    const int extent = before == Before::Cut ? O_TRUNC : O_APPEND;
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | extent, 0666);
    if (descriptor < 0) throw_last_error("open", path);
    return ::fdopen(descriptor, before == Before::Cut ? "w" : "a");
}

void replace(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) throw_last_error("rename", to);
}

bool rename_if_new(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (rename_exclusively(from.c_str(), to.c_str()) == 0) return true;
    if (errno == EEXIST) return false;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) throw_last_error("rename", to);
    // File systems that cannot do that have links.
    if (::link(from.c_str(), to.c_str()) != 0) {
        if (errno == EEXIST) return false;
        throw_last_error("link", to);
    }
    ::unlink(from.c_str());
    return true;
}

bool remove_file(const std::filesystem::path& path) {
    if (::unlink(path.c_str()) == 0) return true;
    if (errno != ENOENT) throw_last_error("unlink", path);
    return false;
}

bool make_folder(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), 0700) == 0) return true;
    if (errno != EEXIST) throw_last_error("mkdir", path);
    return false;
}

void sync_folder(const std::filesystem::path& path) {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot sync a folder; its names are then as durable as they make them.
    if (descriptor.is_open() && ::fsync(descriptor.get()) != 0 && errno == EIO)
        throw_last_error("sync", path);
}

void require_writable_folder(const std::filesystem::path& path) {
    if (::access(path.c_str(), W_OK) != 0) throw_last_error("access", path);
}

}  // namespace aml::platform
