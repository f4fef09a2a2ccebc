#include "platform/stream.hpp"

#include "platform/error.hpp"
#include "platform/posix/system.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace aml::platform {
namespace {

/// Waits in poll() for a descriptor, and for a byte in a pipe by which another thread ends that.
class WakeableWait final {
public:
    explicit WakeableWait(int descriptor)
        : descriptor_(descriptor) {
        const auto ends = make_pipe();
        woken_ = Descriptor(ends.read);
        waker_ = Descriptor(ends.write);
        // A waker that is full wakes well enough.
        for (const int end : {ends.read, ends.write})
            ::fcntl(end, F_SETFL, ::fcntl(end, F_GETFL) | O_NONBLOCK);
    }

    int descriptor() const { return descriptor_; }

    /// False when woken.
    bool wait(short events) const {
        std::array<pollfd, 2> watched{pollfd{descriptor_, events, 0},
                                      pollfd{woken_.get(), POLLIN, 0}};
        while (::poll(watched.data(), watched.size(), -1) < 0) {
            if (errno != EINTR) throw std::system_error(last_error(), "poll");
        }
        return watched[1].revents == 0;
    }

    void wake() const {
        const char byte = 0;
        [[maybe_unused]] const auto written = ::write(waker_.get(), &byte, 1);
    }

    void rest() const {
        std::array<char, 64> bytes{};
        while (::read(woken_.get(), bytes.data(), bytes.size()) > 0) {
        }
    }

private:
    int descriptor_;
    Descriptor woken_;
    Descriptor waker_;
};

bool is_passing(int error) {
    return error == EINTR || error == EAGAIN;
}

}  // namespace

struct InputStream::Waiting {
    WakeableWait wait;
};

struct OutputStream::Waiting {
    WakeableWait wait;
};

InputStream::InputStream(int descriptor)
    : waiting_(new Waiting{WakeableWait(descriptor)}) {}

InputStream::~InputStream() = default;

std::optional<std::size_t> InputStream::read(char* buffer, std::size_t size) {
    const auto& wait = waiting_->wait;
    while (wait.wait(POLLIN)) {
        const auto count = ::read(wait.descriptor(), buffer, size);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (!is_passing(errno)) throw std::system_error(last_error(), "read");
    }
    return std::nullopt;
}

void InputStream::wake() {
    waiting_->wait.wake();
}

void InputStream::rest() {
    waiting_->wait.rest();
}

OutputStream::OutputStream(int descriptor)
    : waiting_(new Waiting{WakeableWait(descriptor)}) {}

OutputStream::~OutputStream() = default;

bool OutputStream::write(std::string_view bytes) {
    const auto& wait = waiting_->wait;
    while (!bytes.empty()) {
        if (!wait.wait(POLLOUT)) return false;
        // No more than what a ready pipe takes without blocking, so that a waker is always heard.
        const auto count =
            ::write(wait.descriptor(), bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
        if (count < 0 && is_passing(errno)) continue;
        if (count < 0) throw std::system_error(last_error(), "write");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void OutputStream::wake() {
    waiting_->wait.wake();
}

void keep_to_this_process(std::intptr_t socket) {
    if (::fcntl(static_cast<int>(socket), F_SETFD, FD_CLOEXEC) != 0)
        throw std::system_error(last_error(), "fcntl");
}

void own_address(std::intptr_t socket) {
    // Else connections that the one before had closed keep it for a while.
    const int on = 1;
    if (::setsockopt(static_cast<int>(socket), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        throw std::system_error(last_error(), "setsockopt");
}

PipeEnds make_pipe() {
    int ends[2];
    if (open_pipe(ends) != 0) throw std::system_error(last_error(), "pipe");
    return {ends[0], ends[1]};
}

}  // namespace aml::platform
