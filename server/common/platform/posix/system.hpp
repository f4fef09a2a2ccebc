#pragma once

#include <cstdint>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

/// What the POSIX systems do each in its own way (platform/linux, platform/macos), and what the
/// sources beside this one share.
namespace aml::platform {

std::int64_t modified_ns(const struct stat& status);
std::int64_t changed_ns(const struct stat& status);

/// As fsync(2), down to the disk's own memory.
int sync_to_disk(int descriptor);

/// As rename(2), but fails with EEXIST when something is called `to`; with EINVAL, ENOSYS or
/// ENOTSUP where the file system cannot do that.
int rename_exclusively(const char* from, const char* to);

/// As pipe(2), closed in the programs that are started.
int open_pipe(int ends[2]);

char** raw_environment();

/// A file descriptor that closes itself.
class Descriptor final {
public:
    Descriptor() = default;

    explicit Descriptor(int value) noexcept
        : value_(value) {}

    Descriptor(Descriptor&& other) noexcept
        : value_(std::exchange(other.value_, -1)) {}

    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }

    ~Descriptor() { close(); }

    void close() noexcept {
        if (value_ >= 0) ::close(value_);
        value_ = -1;
    }

    int get() const noexcept { return value_; }

    bool is_open() const noexcept { return value_ >= 0; }

private:
    int value_ = -1;
};

}  // namespace aml::platform
