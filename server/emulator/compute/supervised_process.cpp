#include "compute/supervised_process.hpp"

#include "compute/supervisor.hpp"
#include "support/error.hpp"

#include <boost/asio/redirect_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace aml::emulator {

namespace {

constexpr std::uintmax_t tail_size = 16 * 1024;

int open_process(pid_t process) {
    const auto file = ::syscall(SYS_pidfd_open, process, 0U);
    return static_cast<int>(file);
}

bool lock_is_held(const std::filesystem::path& folder) {
    const int lock = ::open((folder / "lock").c_str(), O_RDWR | O_CLOEXEC);
    if (lock < 0) return false;
    const bool held = ::flock(lock, LOCK_SH | LOCK_NB) != 0;
    ::close(lock);
    return held;
}

}  // namespace

SupervisedProcess::SupervisedProcess(asio::any_io_executor executor, pid_t supervisor)
    : supervisor_(supervisor) {
    // A supervisor that is gone already has no descriptor, and nothing to wait for.
    const int file = open_process(supervisor);
    if (file >= 0) ended_ = std::make_shared<asio::posix::stream_descriptor>(executor, file);
}

SupervisedProcess SupervisedProcess::launch(asio::any_io_executor executor,
                                            const LaunchPlan& plan) {
    const SupervisorPlan supervisor(plan);
    // The child must not run this program's signal handlers: it unblocks what it wants itself.
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t process = ::fork();
    if (process == 0) supervisor.run();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (process < 0) {
        throw Error(ErrorKind::Unavailable,
                    fmt::format("The emulator cannot start a process: {}.", std::strerror(errno)));
    }
    return {std::move(executor), process};
}

std::optional<SupervisedProcess> SupervisedProcess::adopt(asio::any_io_executor executor,
                                                          const std::filesystem::path& folder) {
    pid_t supervisor = 0;
    if (!(std::ifstream(folder / "supervisor") >> supervisor) || supervisor <= 0)
        return std::nullopt;
    SupervisedProcess process(std::move(executor), supervisor);
    // Asked last: whoever holds the lock now is the process that was opened.
    if (!lock_is_held(folder)) return std::nullopt;
    return process;
}

std::optional<ProcessExit> SupervisedProcess::exit_of(const std::filesystem::path& folder) {
    std::string kind;
    ProcessExit exit;
    if (!(std::ifstream(folder / "exit") >> kind >> exit.code)) return std::nullopt;
    exit.signalled = kind == "signal";
    return exit;
}

bool SupervisedProcess::was_launched(const std::filesystem::path& folder) {
    return std::filesystem::exists(folder / "supervisor");
}

asio::awaitable<void> SupervisedProcess::wait(std::stop_token stop) {
    if (stop.stop_requested()) throw cancelled();
    if (ended_) {
        const auto descriptor = ended_;
        const auto executor = descriptor->get_executor();
        const auto end_wait = [descriptor, executor] {
            asio::post(executor, [descriptor] { descriptor->cancel(); });
        };
        const std::stop_callback on_stop(stop, end_wait);
        boost::system::error_code error;
        auto completion = asio::redirect_error(asio::use_awaitable, error);
        co_await descriptor->async_wait(asio::posix::stream_descriptor::wait_read, completion);
        if (error && stop.stop_requested()) throw cancelled();
    }
    // Only a supervisor that this emulator started is its child.
    ::waitpid(supervisor_, nullptr, WNOHANG);
}

void SupervisedProcess::terminate() {
    if (ended_) ::syscall(SYS_pidfd_send_signal, ended_->native_handle(), SIGTERM, nullptr, 0U);
}

void append_log(const std::filesystem::path& log, std::string_view text) {
    std::ofstream(log, std::ios::app | std::ios::binary) << text;
}

std::string log_tail(const std::filesystem::path& log) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(log, missing);
    if (missing) return {};
    const auto length = std::min(size, tail_size);
    std::string tail(length, '\0');
    std::ifstream file(log, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(size - length));
    file.read(tail.data(), static_cast<std::streamsize>(length));
    tail.resize(static_cast<std::size_t>(file.gcount()));
    return tail;
}

}  // namespace aml::emulator
