#pragma once

#include <chrono>
#include <filesystem>
#include <utility>

namespace aml::state {

/// A file descriptor that closes itself.
class Descriptor final {
public:
    Descriptor() = default;

    explicit Descriptor(int value) noexcept
        : value_(value) {}

    Descriptor(Descriptor&& other) noexcept
        : value_(std::exchange(other.value_, -1)) {}

    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int get() const noexcept { return value_; }

    bool is_open() const noexcept { return value_ >= 0; }

private:
    int value_ = -1;
};

/// Holds a lock on `file` (made when missing) that keeps other processes and threads out until it
/// goes. The kernel drops it when the process dies. Blocking.
class FileLock final {
public:
    /// Throws: Unavailable when the file cannot be made, or another process keeps the lock longer
    /// than `patience`.
    explicit FileLock(const std::filesystem::path& file,
                      std::chrono::milliseconds patience = std::chrono::seconds(5));

private:
    Descriptor descriptor_;
};

/// Tries once to lock an open file. False when someone else holds it.
bool try_lock(const Descriptor& descriptor);

}  // namespace aml::state
