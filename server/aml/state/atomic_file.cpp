#include "state/atomic_file.hpp"

#include "state/file_lock.hpp"
#include "support/error.hpp"
#include "support/half_written.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace aml::state {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int error) {
    throw Error(ErrorKind::Unavailable, write_failure(file, error));
}

/// A text beside the file that it will become, under a name that no other process or thread uses.
class TemporaryFile final {
public:
    /// Throws: Unavailable naming `file`.
    TemporaryFile(const std::filesystem::path& file, std::string_view text)
        : name_(file.string() + ".XXXXXX" + std::string(half_written_ending)) {
        constexpr auto ending = static_cast<int>(half_written_ending.size());
        const Descriptor descriptor(::mkostemps(name_.data(), ending, O_CLOEXEC));
        if (!descriptor.is_open()) fail(file, errno);
        try {
            write_all(descriptor, text, file);
            if (::fsync(descriptor.get()) != 0) fail(file, errno);
        } catch (const Error&) {
            ::unlink(name());
            throw;
        }
    }

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    ~TemporaryFile() {
        if (!name_.empty()) ::unlink(name());
    }

    const char* name() const { return name_.c_str(); }

    /// It has got another name.
    void release() { name_.clear(); }

private:
    std::string name_;
};

}  // namespace

std::string write_failure(const std::filesystem::path& file, int error) {
    const auto reason = system_text(error);
    const auto directory = file.parent_path().string();
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return localize(
                "Cannot save {}: {}. Free some space and try again.", file.string(), reason);
        case EACCES:
        case EPERM:
        case EROFS:
            return localize(
                "Cannot save {}: {}. Make {} a folder that you may write to, or choose another "
                "state "
                "folder (XDG_STATE_HOME for the terminal).",
                file.string(),
                reason,
                directory);
        default:
            return localize(
                "Cannot save {}: {}. Check the folder {}.", file.string(), reason, directory);
    }
}

void make_directory(const std::filesystem::path& directory) {
    std::error_code error;
    if (std::filesystem::is_directory(directory, error)) return;
    if (const auto parent = directory.parent_path(); !parent.empty() && parent != directory) {
        make_directory(parent);
    }
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) fail(directory, errno);
    if (!std::filesystem::is_directory(directory, error)) {
        throw Error(ErrorKind::Unavailable,
                    localize("Cannot use {} as a folder: something else has that name. Move it "
                             "away, or choose another state folder (XDG_STATE_HOME for the "
                             "terminal).",
                             directory.string()));
    }
}

void write_atomically(const std::filesystem::path& file, std::string_view text) {
    TemporaryFile temporary(file, text);
    if (::rename(temporary.name(), file.c_str()) != 0) fail(file, errno);
    temporary.release();
    sync_directory(file.parent_path());
}

bool create_atomically(const std::filesystem::path& file, std::string_view text) {
    TemporaryFile temporary(file, text);
    if (::renameat2(AT_FDCWD, temporary.name(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) == 0) {
        temporary.release();
    } else if (errno == EINVAL || errno == ENOSYS) {
        // File systems that cannot do that have links.
        if (::link(temporary.name(), file.c_str()) != 0) {
            if (errno == EEXIST) return false;
            fail(file, errno);
        }
    } else if (errno == EEXIST) {
        return false;
    } else {
        fail(file, errno);
    }
    sync_directory(file.parent_path());
    return true;
}

void write_all(const Descriptor& descriptor,
               std::string_view text,
               const std::filesystem::path& file) {
    while (!text.empty()) {
        const auto written = ::write(descriptor.get(), text.data(), text.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            fail(file, errno);
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void sync_directory(const std::filesystem::path& directory) {
    const Descriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot sync a directory; the rename is then as durable as they make it.
    if (descriptor.is_open() && ::fsync(descriptor.get()) != 0 && errno == EIO)
        fail(directory, errno);
}

std::optional<std::string> read_file(const std::filesystem::path& file) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.is_open() && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    std::string text;
    std::array<char, 65536> chunk{};
    while (descriptor.is_open()) {
        const auto count = ::read(descriptor.get(), chunk.data(), chunk.size());
        if (count == 0) return text;
        if (count > 0) {
            text.append(chunk.data(), static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            break;
        }
    }
    throw Error(
        ErrorKind::Unavailable,
        localize("Cannot read {}: {}. Check its permissions.", file.string(), system_text(errno)));
}

}  // namespace aml::state
