#include "platform/posix/system.hpp"

#include "platform/environment.hpp"
#include "platform/places.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace aml::platform {
namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;
// linux/fs.h, which older C libraries do not have in a header of their own.
constexpr unsigned rename_noreplace = 1;

std::filesystem::path below_home(const char* folder) {
    const auto homes = home_folders();
    return homes.empty() ? std::filesystem::path() : homes.front() / folder;
}

}  // namespace

std::int64_t modified_ns(const struct stat& status) {
    return status.st_mtim.tv_sec * ns_per_second + status.st_mtim.tv_nsec;
}

std::int64_t changed_ns(const struct stat& status) {
    return status.st_ctim.tv_sec * ns_per_second + status.st_ctim.tv_nsec;
}

int sync_to_disk(int descriptor) {
    return ::fsync(descriptor);
}

int rename_exclusively(const char* from, const char* to) {
    // musl has no function for it.
    return static_cast<int>(
        ::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, rename_noreplace));
}

int open_pipe(int ends[2]) {
    return ::pipe2(ends, O_CLOEXEC);
}

char** raw_environment() {
    return ::environ;
}

std::filesystem::path usual_state_home() {
    return below_home(".local/state");
}

std::filesystem::path usual_cache_home() {
    return below_home(".cache");
}

std::string system_locale() {
    return {};
}

}  // namespace aml::platform
