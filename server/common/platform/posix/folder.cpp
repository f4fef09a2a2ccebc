#include "platform/folder.hpp"

#include "platform/error.hpp"
#include "platform/posix/status.hpp"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace aml::platform {

struct Folder::Open {
    Open(int parent, const std::filesystem::path& name, std::filesystem::path shown)
        : path(std::move(shown)) {
        const int descriptor = ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0) throw_last_error("open", path);
        stream = ::fdopendir(descriptor);
        if (stream != nullptr) return;
        const int reason = errno;
        ::close(descriptor);
        errno = reason;
        throw_last_error("open", path);
    }

    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;

    ~Open() { ::closedir(stream); }

    int descriptor() const { return ::dirfd(stream); }

    FileStatus status_of(const std::string& name, int flags, std::error_code& error) const {
        struct stat status {};

        error.clear();
        if (::fstatat(descriptor(), name.c_str(), &status, flags) != 0) error = last_error();
        return error ? FileStatus() : file_status(status);
    }

    /// For messages.
    std::filesystem::path path;
    DIR* stream = nullptr;
};

Folder::Folder(const std::filesystem::path& path)
    : open_(std::make_unique<Open>(AT_FDCWD, path, path)) {}

Folder::Folder(const Folder& parent, const std::string& name)
    : open_(std::make_unique<Open>(parent.open_->descriptor(), name, parent.open_->path / name)) {}

Folder::Folder(Folder&&) noexcept = default;
Folder& Folder::operator=(Folder&&) noexcept = default;
Folder::~Folder() = default;

std::vector<std::string> Folder::names() const {
    std::vector<std::string> names;
    ::rewinddir(open_->stream);
    errno = 0;
    while (const auto* entry = ::readdir(open_->stream)) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
        errno = 0;
    }
    if (errno != 0) throw_last_error("readdir", open_->path);
    return names;
}

FileStatus Folder::status() const {
    struct stat status {};

    if (::fstat(open_->descriptor(), &status) != 0) throw_last_error("fstat", open_->path);
    return file_status(status);
}

FileStatus Folder::status(const std::string& name, std::error_code& error) const {
    return open_->status_of(name, 0, error);
}

FileStatus Folder::link_status(const std::string& name, std::error_code& error) const {
    return open_->status_of(name, AT_SYMLINK_NOFOLLOW, error);
}

FileStatus status(const std::filesystem::path& path) {
    struct stat status {};

    if (::stat(path.c_str(), &status) != 0) throw_last_error("stat", path);
    return file_status(status);
}

}  // namespace aml::platform
