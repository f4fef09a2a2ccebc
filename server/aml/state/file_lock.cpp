#include "state/file_lock.hpp"

#include "state/atomic_file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace aml::state {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (is_open()) ::close(value_);
        value_ = std::exchange(other.value_, -1);
    }
    return *this;
}

Descriptor::~Descriptor() {
    if (is_open()) ::close(value_);
}

bool try_lock(const Descriptor& descriptor) {
    return ::flock(descriptor.get(), LOCK_EX | LOCK_NB) == 0;
}

FileLock::FileLock(const std::filesystem::path& file, std::chrono::milliseconds patience) {
    make_directory(file.parent_path());
    descriptor_ = Descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!descriptor_.is_open()) throw Error(ErrorKind::Unavailable, write_failure(file, errno));
    const auto give_up = std::chrono::steady_clock::now() + patience;
    while (!try_lock(descriptor_)) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            throw Error(ErrorKind::Unavailable, write_failure(file, errno));
        }
        if (std::chrono::steady_clock::now() >= give_up) {
            throw Error(ErrorKind::Unavailable,
                        localize("Another process has kept {} locked for too long; end other "
                                 "windows that do not respond and try again.",
                                 file.string()));
        }
        // A holder needs the lock for one small file write.
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

}  // namespace aml::state
