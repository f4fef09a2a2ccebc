#include "execution/job_process.hpp"

#include "execution/posix/orphans.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

namespace aml::execution {

namespace {

// How many descriptors that program may have had.
constexpr long most_descriptors = 65'536;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

void say(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// In the forked child.
[[noreturn]] void become_program(const LaunchPlan& plan,
                                 char* const* arguments,
                                 char* const* environment) {
    ::setpgid(0, 0);
    die_with_parent();
    const int log =
        ::open(plan.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    for (const int signal : {SIGINT, SIGHUP, SIGPIPE, SIGQUIT, SIGCHLD}) ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const char* failed = plan.working_directory.c_str();
    if (::chdir(failed) == 0) {
        failed = arguments[0];
        ::execve(failed, arguments, environment);
    }
    const std::string_view reason = errno == ENOENT ? "no such file" : "not allowed";
    say(fmt::format("The command cannot be started: {}: {}.\n", failed, reason));
    ::_exit(127);
}

ProcessExit exit_from(int status) {
    if (!WIFSIGNALED(status)) return {WEXITSTATUS(status), false, {}};
    return {WTERMSIG(status), true, ::strsignal(WTERMSIG(status))};
}

// Signals that are kept waiting, but for the time in which this process waits for them.
sigset_t awaited_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    return signals;
}

}  // namespace

void become_supervisor() {
    ::setsid();
    // The standard streams too: whoever reads those of that program waits for their end.
    const int null = ::open("/dev/null", O_RDWR);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, stream);
    const long limit = ::sysconf(_SC_OPEN_MAX);
    const long end = limit < 0 ? most_descriptors : std::min(limit, most_descriptors);
    for (int file = STDERR_FILENO + 1; file < end; ++file) ::close(file);
    for (const int ignored : {SIGINT, SIGHUP, SIGPIPE, SIGQUIT}) ::signal(ignored, SIG_IGN);
    // Only a signal that is handled ends a wait.
    ::signal(SIGCHLD, [](int) {});
    const auto awaited = awaited_signals();
    ::sigprocmask(SIG_SETMASK, &awaited, nullptr);
    adopt_orphans();
}

bool is_told_to_end() {
    sigset_t pending;
    ::sigpending(&pending);
    return sigismember(&pending, SIGTERM) == 1;
}

struct JobProcess::State {
    /// Buries what has ended; how the program ended, if it is among that.
    std::optional<ProcessExit> bury() const {
        for (;;) {
            int status = 0;
            const pid_t ended = ::waitpid(-1, &status, WNOHANG);
            if (ended == program) return exit_from(status);
            if (ended <= 0) return std::nullopt;
        }
    }

    pid_t program = 0;
};

JobProcess::JobProcess(const LaunchPlan& plan)
    : state_(std::make_unique<State>()) {
    auto arguments = plan.arguments;
    std::vector<std::string> variables;
    for (const auto& [name, value] : plan.environment) variables.push_back(name + '=' + value);
    const auto words = pointers_to(arguments);
    const auto environment = pointers_to(variables);
    state_->program = ::fork();
    if (state_->program == 0) become_program(plan, words.data(), environment.data());
    if (state_->program < 0) {
        throw Error(ErrorKind::Unavailable,
                    localize("This computer cannot start a process: {}.", std::strerror(errno)));
    }
    ::setpgid(state_->program, state_->program);
}

JobProcess::~JobProcess() {
    ::kill(-state_->program, SIGKILL);
    while (kill_children()) {
        state_->bury();
        ::usleep(5'000);
    }
}

std::optional<ProcessExit> JobProcess::wait_for(std::chrono::milliseconds time) {
    if (auto exit = state_->bury()) return exit;
    const timespec timeout{time.count() / 1000, static_cast<long>(time.count() % 1000) * 1'000'000};
    auto but_children = awaited_signals();
    sigdelset(&but_children, SIGCHLD);
    ::pselect(0, nullptr, nullptr, nullptr, &timeout, &but_children);
    return state_->bury();
}

void JobProcess::ask_to_end() {
    ::kill(-state_->program, SIGTERM);
}

void JobProcess::kill() {
    ::kill(-state_->program, SIGKILL);
    kill_children();
}

}  // namespace aml::execution
