#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace aml::platform {

/// Reads a pipe, a terminal or a file on a thread of the caller's, so that another thread can end
/// the wait. The descriptor is one of the C library's and stays open.
class InputStream final {
public:
    /// Throws: `std::system_error` when the system has nothing left to be woken by.
    explicit InputStream(int descriptor);
    InputStream(const InputStream&) = delete;
    InputStream& operator=(const InputStream&) = delete;
    ~InputStream();

    /// Waits for input and reads some of it: how much, 0 at the end; absent when woken. One thread
    /// at a time. Throws: `std::system_error`.
    std::optional<std::size_t> read(char* buffer, std::size_t size);

    /// The read under way, and every other one until `rest`, returns at once. From any thread.
    void wake();
    void rest();

private:
    struct Waiting;
    std::unique_ptr<Waiting> waiting_;
};

/// Writes to a pipe, a terminal or a file in the same way.
class OutputStream final {
public:
    /// Throws: as `InputStream`.
    explicit OutputStream(int descriptor);
    OutputStream(const OutputStream&) = delete;
    OutputStream& operator=(const OutputStream&) = delete;
    ~OutputStream();

    /// Writes all of `bytes`; false when woken, with a part of them written. One thread at a time.
    /// Throws: `std::system_error`.
    bool write(std::string_view bytes);

    /// The write under way, and every later one, returns at once. From any thread.
    void wake();

private:
    struct Waiting;
    std::unique_ptr<Waiting> waiting_;
};

/// A pipe's two ends, descriptors of the C library that nothing started from here inherits.
/// The caller closes them. Throws: `std::system_error`.
struct PipeEnds {
    int read = -1;
    int write = -1;
};

PipeEnds make_pipe();

/// Has nothing that is started from here inherit a socket, whose port and connections would else
/// outlive this process. Throws: `std::system_error`.
void keep_to_this_process(std::intptr_t socket);

/// Has the address that a socket will be bound to be this process's alone, at once after a process
/// before has ended. Throws: `std::system_error`.
void own_address(std::intptr_t socket);

}  // namespace aml::platform
