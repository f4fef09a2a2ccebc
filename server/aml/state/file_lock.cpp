#include "state/file_lock.hpp"

#include "state/atomic_file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <system_error>
#include <thread>

namespace aml::state {
namespace {

/// False when somebody held it all the time. Throws: `std::system_error`.
bool lock_in_time(platform::File& file, std::chrono::milliseconds patience) {
    const auto give_up = std::chrono::steady_clock::now() + patience;
    while (!file.try_lock()) {
        if (std::chrono::steady_clock::now() >= give_up) return false;
        // A holder needs the lock for one small file write.
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file, std::chrono::milliseconds patience) {
    make_directory(file.parent_path());
    try {
        file_ = platform::File::open_or_create(file);
        if (lock_in_time(file_, patience)) return;
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::Unavailable, write_failure(file, error.code()));
    }
    throw Error(ErrorKind::Unavailable,
                localize("Another process has kept {} locked for too long; end other windows that "
                         "do not respond and try again.",
                         file.string()));
}

}  // namespace aml::state
