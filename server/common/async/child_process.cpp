#include "async/child_process.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace aml::async {
namespace {

constexpr std::size_t most_kept = 1024 * 1024;
// How soon a stop or the time limit is noticed.
constexpr int tick_ms = 50;

class Descriptor final {
public:
    Descriptor() = default;

    explicit Descriptor(int value)
        : value_(value) {}

    Descriptor(Descriptor&& other) noexcept
        : value_(std::exchange(other.value_, -1)) {}

    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }

    ~Descriptor() { close(); }

    void close() {
        if (value_ >= 0) ::close(value_);
        value_ = -1;
    }

    int get() const { return value_; }

private:
    int value_ = -1;
};

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0)
            throw Error(ErrorKind::Unavailable, localize("The system has no pipe left."));
        read = Descriptor(ends[0]);
        write = Descriptor(ends[1]);
    }

    Descriptor read;
    Descriptor write;
};

std::vector<std::string> environment_of(const ProgramCall& call) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto name = text.substr(0, text.find('='));
        const auto replaced = [name](const auto& added) { return added.first == name; };
        if (std::none_of(call.environment.begin(), call.environment.end(), replaced))
            all.emplace_back(text);
    }
    for (const auto& [name, value] : call.environment) all.push_back(name + '=' + value);
    return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// Starts the program in a process group of its own, so that what it starts can be ended with it.
pid_t start(const ProgramCall& call, const Pipe& output, const Pipe& errors) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output.write.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.write.get(), STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions, call.directory.c_str());
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    auto arguments = call.arguments;
    auto environment = environment_of(call);
    const auto argv = pointers_to(arguments);
    const auto envp = pointers_to(environment);
    pid_t process = -1;
    const int failure = posix_spawn(
        &process, call.arguments.front().c_str(), &actions, &attributes, argv.data(), envp.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        throw Error(ErrorKind::Unavailable,
                    localize("Cannot start {}: {}.", call.arguments.front(), system_text(failure)));
    }
    return process;
}

/// A process that was started; killed with its group, and waited for, unless `wait` was called.
class Child final {
public:
    explicit Child(pid_t process)
        : process_(process) {}

    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    ~Child() {
        if (process_ < 0) return;
        ::kill(-process_, SIGKILL);
        wait();
    }

    int wait() {
        int status = 0;
        while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
        }
        process_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    pid_t process_;
};

/// Reads what is there; false at the end.
bool read_some(int from, std::string& into) {
    std::array<char, 8192> buffer{};
    const auto count = ::read(from, buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR || errno == EAGAIN;
    if (count == 0) return false;
    const auto room = most_kept - std::min(most_kept, into.size());
    into.append(buffer.data(), std::min(static_cast<std::size_t>(count), room));
    return true;
}

}  // namespace

ProgramResult run_program(const ProgramCall& call, std::stop_token stop) {
    Pipe output;
    Pipe errors;
    Child child(start(call, output, errors));
    output.write.close();
    errors.write.close();
    const auto deadline = std::chrono::steady_clock::now() + call.timeout;
    ProgramResult result;
    while (output.read.get() >= 0 || errors.read.get() >= 0) {
        if (stop.stop_requested()) throw cancelled();
        if (std::chrono::steady_clock::now() >= deadline) return result;
        std::array<pollfd, 2> watched{pollfd{output.read.get(), POLLIN, 0},
                                      pollfd{errors.read.get(), POLLIN, 0}};
        if (::poll(watched.data(), watched.size(), tick_ms) <= 0) continue;
        if (watched[0].revents != 0 && !read_some(output.read.get(), result.output))
            output.read.close();
        if (watched[1].revents != 0 && !read_some(errors.read.get(), result.errors))
            errors.read.close();
    }
    result.exit_code = child.wait();
    return result;
}

std::filesystem::path find_program(std::string_view name, std::string_view path) {
    while (!path.empty()) {
        const auto end = path.find(':');
        const auto folder = path.substr(0, end);
        path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
        if (!folder.starts_with('/')) continue;
        const auto file = std::filesystem::path(folder) / name;
        std::error_code ignored;
        if (std::filesystem::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0)
            return file;
    }
    return {};
}

}  // namespace aml::async
