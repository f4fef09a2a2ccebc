#include "program/state_folder.hpp"

#include "support/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace aml::emulator {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& file) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("Cannot use {}: {}.", file.string(), std::strerror(errno)));
}

int open_lock(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) refuse(file);
    return descriptor;
}

}  // namespace

StateFolder::StateFolder(const std::optional<fs::path>& chosen)
    : temporary_(!chosen) {
    if (temporary_) {
        auto pattern = (fs::temp_directory_path() / "aml-emulator-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr)
            throw Error(ErrorKind::Unavailable,
                        "Cannot make a temporary folder for the state. Choose one with --state.");
        path_ = pattern;
        return;
    }
    std::error_code error;
    path_ = fs::absolute(*chosen);
    fs::create_directories(path_, error);
    if (error)
        throw Error(
            ErrorKind::Unavailable,
            fmt::format("Cannot use the state folder {}: {}.", path_.string(), error.message()));
}

StateFolder::~StateFolder() {
    std::error_code ignored;
    if (temporary_) fs::remove_all(path_, ignored);
}

StateClaim::StateClaim(fs::path folder)
    : folder_(std::move(folder)),
      starting_(open_lock(folder_ / "starting.lock")) {
    while (::flock(starting_, LOCK_EX) != 0) {
        if (errno != EINTR) refuse(folder_ / "starting.lock");
    }
    running_ = open_lock(folder_ / "running.lock");
    ours_ = ::flock(running_, LOCK_EX | LOCK_NB) == 0;
    if (!ours_ && errno != EWOULDBLOCK) refuse(folder_ / "running.lock");
}

StateClaim::~StateClaim() {
    if (starting_ >= 0) ::close(starting_);
    if (running_ >= 0) ::close(running_);
}

std::optional<std::string> StateClaim::ready_line() const {
    std::ifstream file(ready_file());
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    return line;
}

void StateClaim::announce(const std::string& line) {
    const auto fresh = folder_ / "ready.json.new";
    // It holds the secret that signs in here.
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) refuse(fresh);
    const auto text = line + "\n";
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(descriptor);
    if (!written) refuse(fresh);
    std::error_code error;
    fs::rename(fresh, ready_file(), error);
    if (error) refuse(ready_file());
    ::close(std::exchange(starting_, -1));
}

fs::path StateClaim::ready_file() const {
    return folder_ / "ready.json";
}

}  // namespace aml::emulator
