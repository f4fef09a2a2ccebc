#pragma once

#include <utility>
#include <windows.h>

namespace aml::platform {

/// A handle that closes itself.
class Handle final {
public:
    Handle() = default;

    explicit Handle(HANDLE value) noexcept
        : value_(value == INVALID_HANDLE_VALUE ? nullptr : value) {}

    Handle(Handle&& other) noexcept
        : value_(std::exchange(other.value_, nullptr)) {}

    Handle& operator=(Handle&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }

    ~Handle() { close(); }

    void close() noexcept {
        if (value_ != nullptr) ::CloseHandle(value_);
        value_ = nullptr;
    }

    HANDLE get() const noexcept { return value_; }

    bool is_open() const noexcept { return value_ != nullptr; }

    /// It is somebody else's to close now.
    HANDLE release() noexcept { return std::exchange(value_, nullptr); }

private:
    HANDLE value_ = nullptr;
};

}  // namespace aml::platform
