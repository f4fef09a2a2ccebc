#include "platform/posix/system.hpp"

#include "platform/environment.hpp"
#include "platform/places.hpp"

#include <cerrno>
#include <crt_externs.h>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace aml::platform {
namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;

std::filesystem::path below_home(const char* folder) {
    const auto homes = home_folders();
    return homes.empty() ? std::filesystem::path() : homes.front() / folder;
}

}  // namespace

std::int64_t modified_ns(const struct stat& status) {
    return status.st_mtimespec.tv_sec * ns_per_second + status.st_mtimespec.tv_nsec;
}

std::int64_t changed_ns(const struct stat& status) {
    return status.st_ctimespec.tv_sec * ns_per_second + status.st_ctimespec.tv_nsec;
}

int sync_to_disk(int descriptor) {
    // fsync alone leaves it in the disk's memory; file systems of other kinds know only that.
    return ::fcntl(descriptor, F_FULLFSYNC) == 0 ? 0 : ::fsync(descriptor);
}

int rename_exclusively(const char* from, const char* to) {
    return ::renameatx_np(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCL);
}

int open_pipe(int ends[2]) {
    if (::pipe(ends) != 0) return -1;
    for (int end = 0; end < 2; ++end) ::fcntl(ends[end], F_SETFD, FD_CLOEXEC);
    return 0;
}

char** raw_environment() {
    return *::_NSGetEnviron();
}

std::filesystem::path usual_state_home() {
    return below_home("Library/Application Support");
}

std::filesystem::path usual_cache_home() {
    return below_home("Library/Caches");
}

std::string system_locale() {
    return {};
}

}  // namespace aml::platform
