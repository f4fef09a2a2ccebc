#include "platform/process.hpp"

#include "platform/error.hpp"
#include "platform/posix/system.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace aml::platform {
namespace {

struct Pipe {
    Pipe() {
        int ends[2];
        if (open_pipe(ends) != 0) throw std::system_error(last_error(), "pipe");
        read = Descriptor(ends[0]);
        write = Descriptor(ends[1]);
    }

    Descriptor read;
    Descriptor write;
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// What the child needs, ready before the fork: after it only calls that are safe in a signal
/// handler are.
struct ChildPlan {
    const char* directory;
    char* const* arguments;
    char* const* environment;
    int output;
    int errors;
    /// Gets the `errno` of what fails; closed by exec.
    int failure;
};

[[noreturn]] void run_child(const ChildPlan& plan) noexcept {
    ::setpgid(0, 0);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD})
        ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const bool ready = input >= 0 && ::dup2(input, STDIN_FILENO) >= 0 &&
                       ::dup2(plan.output, STDOUT_FILENO) >= 0 &&
                       ::dup2(plan.errors, STDERR_FILENO) >= 0 && ::chdir(plan.directory) == 0;
    if (ready) ::execve(plan.arguments[0], plan.arguments, plan.environment);
    const int reason = errno;
    [[maybe_unused]] const auto told = ::write(plan.failure, &reason, sizeof reason);
    ::_exit(127);
}

/// In a process group of its own, so that what it starts can be ended with it.
pid_t fork_child(const ChildPlan& plan) {
    // Nothing of this program's signal handling may run in the child.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t process = ::fork();
    if (process == 0) run_child(plan);
    const int reason = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = reason;
    if (process < 0) throw std::system_error(last_error(), "fork");
    return process;
}

int wait_for(pid_t process) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t start_process(const ProcessStart& start, const Pipe& output, const Pipe& errors) {
    auto arguments = start.arguments;
    std::vector<std::string> environment;
    for (const auto& [name, value] : start.environment) environment.push_back(name + '=' + value);
    const auto argument_pointers = pointers_to(arguments);
    const auto environment_pointers = pointers_to(environment);
    Pipe failure;
    const pid_t process = fork_child({start.directory.empty() ? "/" : start.directory.c_str(),
                                      argument_pointers.data(),
                                      environment_pointers.data(),
                                      output.write.get(),
                                      errors.write.get(),
                                      failure.write.get()});
    failure.write.close();
    int reason = 0;
    ssize_t count = 0;
    while ((count = ::read(failure.read.get(), &reason, sizeof reason)) < 0 && errno == EINTR) {
    }
    if (count <= 0) return process;
    wait_for(process);
    throw std::system_error(std::error_code(reason, std::generic_category()), "exec");
}

/// Reads what is there; closes the descriptor at the end.
void read_some(Descriptor& from, std::string& into) {
    std::array<char, 8192> buffer{};
    const auto count = ::read(from.get(), buffer.data(), buffer.size());
    if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) from.close();
}

}  // namespace

struct Process::Running {
    Pipe output;
    Pipe errors;
    pid_t process = -1;
};

Process::Process(const ProcessStart& start)
    : running_(std::make_unique<Running>()) {
    running_->process = start_process(start, running_->output, running_->errors);
    running_->output.write.close();
    running_->errors.write.close();
}

Process::~Process() {
    if (running_->process < 0) return;
    ::kill(-running_->process, SIGKILL);
    wait_for(running_->process);
}

Printed Process::read(std::chrono::milliseconds patience) {
    Printed printed;
    auto& output = running_->output.read;
    auto& errors = running_->errors.read;
    // A closed descriptor is -1, which poll passes over.
    std::array<pollfd, 2> watched{pollfd{output.get(), POLLIN, 0}, pollfd{errors.get(), POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), static_cast<int>(patience.count())) > 0) {
        if (watched[0].revents != 0) read_some(output, printed.output);
        if (watched[1].revents != 0) read_some(errors, printed.errors);
    }
    printed.ended = !output.is_open() && !errors.is_open();
    return printed;
}

int Process::wait() {
    return wait_for(std::exchange(running_->process, -1));
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

}  // namespace aml::platform
