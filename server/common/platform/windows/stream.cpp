#include "platform/stream.hpp"

#include "platform/error.hpp"
#include "platform/windows/handle.hpp"
#include "platform/windows/wide.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <fcntl.h>
#include <io.h>
#include <string>
#include <system_error>
#include <windows.h>
#include <winsock2.h>

namespace aml::platform {
namespace {

/// A call that blocks, and that another thread can end.
class WakeableCall final {
public:
    /// What `call` returns; absent when woken before or in the middle of it.
    template <typename Call>
    auto make(Call call) -> std::optional<decltype(call())> {
        enter();
        if (woken_) {
            waiting_ = false;
            return std::nullopt;
        }
        const auto result = call();
        const auto reason = ::GetLastError();
        waiting_ = false;
        if (woken_) return std::nullopt;
        ::SetLastError(reason);
        return result;
    }

    void wake() {
        woken_ = true;
        // Between its look at `woken_` and the call, the thread has nothing yet that can be ended.
        while (waiting_) {
            ::CancelSynchronousIo(thread_.get());
            ::Sleep(1);
        }
    }

    void rest() { woken_ = false; }

private:
    void enter() {
        HANDLE thread = nullptr;
        const auto process = ::GetCurrentProcess();
        if (!thread_.is_open() || ::GetThreadId(thread_.get()) != ::GetCurrentThreadId()) {
            ::DuplicateHandle(
                process, ::GetCurrentThread(), process, &thread, 0, FALSE, DUPLICATE_SAME_ACCESS);
            thread_ = Handle(thread);
        }
        waiting_ = true;
    }

    std::atomic<bool> woken_ = false;
    std::atomic<bool> waiting_ = false;
    // Of the one that waits; set before `waiting_` is.
    Handle thread_;
};

HANDLE system_handle(int descriptor) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the C library gives handles as numbers
    return reinterpret_cast<HANDLE>(::_get_osfhandle(descriptor));
}

bool is_console(HANDLE handle) {
    DWORD mode = 0;
    return ::GetConsoleMode(handle, &mode) != 0;
}

/// Somebody has pressed Ctrl-C, which is told by a signal.
bool was_interrupted() {
    return ::GetLastError() == ERROR_OPERATION_ABORTED;
}

}  // namespace

struct InputStream::Waiting {
    WakeableCall call{};
    HANDLE handle = nullptr;
    bool console = false;
    // Typed but not handed out yet.
    std::string typed{};

    /// Whether there was input; false with an error.
    bool read_typed() {
        std::array<wchar_t, 1024> buffer{};
        DWORD count = 0;
        const auto size = static_cast<DWORD>(buffer.size());
        if (::ReadConsoleW(handle, buffer.data(), size, &count, nullptr) == 0) return false;
        constexpr wchar_t control_z = 26;
        // The end of input is typed at the beginning of a line.
        if (count > 0 && buffer[0] != control_z) typed = to_utf8({buffer.data(), count});
        return count > 0 || !was_interrupted();
    }

    std::size_t take_typed(char* buffer, std::size_t size) {
        const auto count = std::min(size, typed.size());
        std::copy_n(typed.begin(), count, buffer);
        typed.erase(0, count);
        return count;
    }
};

InputStream::InputStream(int descriptor)
    : waiting_(std::make_unique<Waiting>()) {
    waiting_->handle = system_handle(descriptor);
    waiting_->console = is_console(waiting_->handle);
}

InputStream::~InputStream() = default;

std::optional<std::size_t> InputStream::read(char* buffer, std::size_t size) {
    auto& waiting = *waiting_;
    if (!waiting.typed.empty()) return waiting.take_typed(buffer, size);
    for (;;) {
        DWORD count = 0;
        const auto done = waiting.call.make([&] {
            if (waiting.console) return waiting.read_typed();
            const auto wanted = static_cast<DWORD>(std::min<std::size_t>(size, 1U << 30U));
            return ::ReadFile(waiting.handle, buffer, wanted, &count, nullptr) != 0;
        });
        if (!done) return std::nullopt;
        if (*done) return waiting.console ? waiting.take_typed(buffer, size) : count;
        const auto error = last_error();
        if (error == std::errc::broken_pipe || error.value() == ERROR_HANDLE_EOF) return 0;
        if (!was_interrupted()) throw std::system_error(error, "read");
    }
}

void InputStream::wake() {
    waiting_->call.wake();
}

void InputStream::rest() {
    waiting_->call.rest();
}

struct OutputStream::Waiting {
    WakeableCall call{};
    HANDLE handle = nullptr;
};

OutputStream::OutputStream(int descriptor)
    : waiting_(std::make_unique<Waiting>()) {
    waiting_->handle = system_handle(descriptor);
}

OutputStream::~OutputStream() = default;

bool OutputStream::write(std::string_view bytes) {
    while (!bytes.empty()) {
        DWORD written = 0;
        const auto done = waiting_->call.make([&] {
            const auto wanted = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1U << 30U));
            return ::WriteFile(waiting_->handle, bytes.data(), wanted, &written, nullptr) != 0;
        });
        if (!done) return false;
        if (!*done) throw std::system_error(last_error(), "write");
        bytes.remove_prefix(written);
    }
    return true;
}

void OutputStream::wake() {
    waiting_->call.wake();
}

void keep_to_this_process(std::intptr_t socket) {
    const auto handle = reinterpret_cast<HANDLE>(socket);
    if (::SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0) == 0)
        throw std::system_error(last_error(), "SetHandleInformation");
}

void own_address(std::intptr_t socket) {
    // Else somebody could take it away; what POSIX calls reusing an address would even allow that.
    const BOOL on = TRUE;
    const auto* value = reinterpret_cast<const char*>(&on);
    if (::setsockopt(
            static_cast<SOCKET>(socket), SOL_SOCKET, SO_EXCLUSIVEADDRUSE, value, sizeof on) != 0)
        throw std::system_error(last_error(), "setsockopt");
}

PipeEnds make_pipe() {
    constexpr unsigned capacity = 65536;
    int ends[2];
    if (::_pipe(ends, capacity, _O_BINARY | _O_NOINHERIT) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    return {ends[0], ends[1]};
}

}  // namespace aml::platform
