#include "compute/supervisor.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Everything here runs between fork and exec, or in a process that never execs: only calls that are
// safe in a signal handler, no allocation, no exceptions.

namespace aml::emulator {

namespace {

constexpr std::chrono::milliseconds look_around_every{1'000};

// Decimal digits of a number that is not negative.
class Digits final {
public:
    explicit Digits(unsigned long number) noexcept {
        do {
            text_[--start_] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number > 0);
    }

    std::string_view view() const noexcept {
        return {text_.data() + start_, text_.size() - start_};
    }

private:
    std::array<char, 24> text_{};
    std::size_t start_ = text_.size();
};

void write_all(int file, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

bool write_file(const char* path, std::string_view first, std::string_view second) noexcept {
    const int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return false;
    write_all(file, first);
    write_all(file, second);
    const bool synced = ::fsync(file) == 0;
    ::close(file);
    return synced;
}

// Kills every child this process has, which as a subreaper is everything the job left behind. True
// if there was one.
bool kill_children() noexcept {
    std::array<char, 4096> text{};
    const int file = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const auto length = ::read(file, text.data(), text.size() - 1);
    ::close(file);
    pid_t pid = 0;
    bool any = false;
    for (ssize_t at = 0; at < length; ++at) {
        const char c = text[static_cast<std::size_t>(at)];
        if (c >= '0' && c <= '9') {
            pid = pid * 10 + (c - '0');
        } else if (pid > 0) {
            ::kill(pid, SIGKILL);
            any = true;
            pid = 0;
        }
    }
    return any;
}

void reap_the_rest() noexcept {
    while (kill_children()) {
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {
        }
        const timespec pause{0, 5'000'000};
        ::nanosleep(&pause, nullptr);
    }
}

// The standard streams too: whoever reads those of the emulator waits for their end.
void let_go_of_inherited_files() noexcept {
    const int null = ::open("/dev/null", O_RDWR);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, stream);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
}

std::chrono::milliseconds now() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::milliseconds(time.tv_nsec / 1'000'000);
}

}  // namespace

SupervisorPlan::SupervisorPlan(const LaunchPlan& plan)
    : plan_(plan),
      lock_((plan.folder / "lock").string()),
      pid_file_((plan.folder / "supervisor").string()),
      exit_file_((plan.folder / "exit").string()),
      exit_temporary_((plan.folder / "exit.new").string()) {
    for (auto& argument : plan_.arguments) arguments_.push_back(argument.data());
    for (auto& variable : plan_.environment) environment_.push_back(variable.data());
    arguments_.push_back(nullptr);
    environment_.push_back(nullptr);
}

void SupervisorPlan::run() const noexcept {
    ::setsid();
    ::prctl(PR_SET_NAME, "aml-job");
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    let_go_of_inherited_files();
    for (const int ignored : {SIGINT, SIGHUP, SIGPIPE, SIGQUIT}) ::signal(ignored, SIG_IGN);
    ::signal(SIGTERM, SIG_DFL);
    ::signal(SIGCHLD, SIG_DFL);
    sigset_t waited{};
    ::sigemptyset(&waited);
    ::sigaddset(&waited, SIGCHLD);
    ::sigaddset(&waited, SIGTERM);
    ::sigprocmask(SIG_SETMASK, &waited, nullptr);
    const int lock = ::open(lock_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    // Another supervisor is at work here, or was.
    if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) != 0 ||
        ::access(exit_file_.c_str(), F_OK) == 0)
        ::_exit(1);
    const int log = ::open(plan_.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    write_file(pid_file_.c_str(), Digits(static_cast<unsigned long>(::getpid())).view(), "\n");
    const pid_t process = ::fork();
    if (process == 0) run_process(log);
    const int status = process < 0 ? 127 << 8 : follow(process);
    reap_the_rest();
    const bool signalled = WIFSIGNALED(status);
    const int code = signalled ? WTERMSIG(status) : WEXITSTATUS(status);
    write_file(exit_temporary_.c_str(),
               signalled ? "signal " : "code ",
               Digits(static_cast<unsigned long>(code)).view());
    ::rename(exit_temporary_.c_str(), exit_file_.c_str());
    ::_exit(0);
}

void SupervisorPlan::run_process(int log) const noexcept {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(null, STDIN_FILENO);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    for (const int signal : {SIGINT, SIGHUP, SIGPIPE, SIGQUIT}) ::signal(signal, SIG_DFL);
    sigset_t none{};
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const char* failed = plan_.working_directory.c_str();
    if (::chdir(failed) == 0) {
        failed = arguments_.front();
        ::execve(failed, arguments_.data(), environment_.data());
    }
    write_all(STDERR_FILENO, "The emulator cannot start the command: ");
    write_all(STDERR_FILENO, failed);
    write_all(STDERR_FILENO, errno == ENOENT ? ": no such file.\n" : ": not allowed.\n");
    ::_exit(127);
}

int SupervisorPlan::follow(pid_t process) const noexcept {
    ::setpgid(process, process);
    sigset_t waited{};
    ::sigemptyset(&waited);
    ::sigaddset(&waited, SIGCHLD);
    ::sigaddset(&waited, SIGTERM);
    const auto pause = look_around_every < plan_.grace ? look_around_every : plan_.grace;
    const timespec timeout{pause.count() / 1000,
                           static_cast<long>(pause.count() % 1000) * 1'000'000};
    bool stopping = false;
    auto stopped_at = std::chrono::milliseconds::zero();
    for (;;) {
        const int signal = ::sigtimedwait(&waited, nullptr, &timeout);
        for (;;) {
            int status = 0;
            const pid_t ended = ::waitpid(-1, &status, WNOHANG);
            if (ended == process) return status;
            if (ended <= 0) break;
        }
        const bool abandoned = ::access(pid_file_.c_str(), F_OK) != 0;
        if (!stopping && (signal == SIGTERM || abandoned)) {
            stopping = true;
            stopped_at = now();
            ::kill(-process, SIGTERM);
        }
        if (stopping && now() - stopped_at >= plan_.grace) {
            ::kill(-process, SIGKILL);
            kill_children();
        }
    }
}

}  // namespace aml::emulator
