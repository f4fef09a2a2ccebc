#include "state/atomic_file.hpp"

#include "state/file_lock.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace aml::state {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int error) {
    throw Error(ErrorKind::Unavailable, write_failure(file, error));
}

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
    auto temporary = file;
    temporary += ".tmp";
    try {
        const Descriptor descriptor(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (!descriptor.is_open()) fail(file, errno);
        write_all(descriptor, text, file);
        if (::fsync(descriptor.get()) != 0) fail(file, errno);
        if (::rename(temporary.c_str(), file.c_str()) != 0) fail(file, errno);
    } catch (const Error&) {
        ::unlink(temporary.c_str());
        throw;
    }
    sync_directory(file.parent_path());
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
