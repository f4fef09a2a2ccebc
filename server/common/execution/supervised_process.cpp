#include "execution/supervised_process.hpp"

#include "async/clock.hpp"
#include "execution/detached_program.hpp"
#include "execution/supervisor.hpp"
#include "platform/file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <system_error>
#include <utility>

namespace aml::execution {

namespace {

constexpr std::uintmax_t tail_size = 16 * 1024;

bool is_locked(const std::filesystem::path& lock) {
    try {
        return !platform::File::open_to_write(lock).try_lock();
    } catch (const std::filesystem::filesystem_error&) {
        return false;  // Gone, with the folder.
    }
}

}  // namespace

SupervisedProcess::SupervisedProcess(std::filesystem::path folder,
                                     std::shared_ptr<DetachedProgram> supervisor)
    : folder_(std::move(folder)),
      supervisor_(std::move(supervisor)) {}

SupervisedProcess SupervisedProcess::launch(const std::filesystem::path& supervisor,
                                            const std::filesystem::path& folder,
                                            const LaunchPlan& plan) {
    try {
        leave_plan(plan, folder);
        std::vector<std::string> arguments{"aml", "--supervise", folder.string()};
        return {folder, std::make_shared<DetachedProgram>(supervisor, std::move(arguments))};
    } catch (const std::system_error& error) {
        throw Error(ErrorKind::Unavailable,
                    localize("This computer cannot start a process: {}.", error.what()));
    }
}

std::optional<SupervisedProcess> SupervisedProcess::adopt(const std::filesystem::path& folder) {
    const SupervisorFiles files(folder);
    if (!was_launched(folder) || !is_locked(files.lock)) return std::nullopt;
    return SupervisedProcess(folder, nullptr);
}

std::optional<ProcessExit> SupervisedProcess::exit_of(const std::filesystem::path& folder) {
    std::ifstream file(SupervisorFiles(folder).exit);
    std::string kind;
    ProcessExit exit;
    if (!(file >> kind >> exit.code)) return std::nullopt;
    exit.signalled = kind == "signal";
    std::getline(file >> std::ws, exit.signal_name);
    return exit;
}

bool SupervisedProcess::was_launched(const std::filesystem::path& folder) {
    return std::filesystem::exists(SupervisorFiles(folder).supervisor);
}

bool SupervisedProcess::has_ended() const {
    // The program that was started here ends at once if another was faster, before a restart.
    const bool may_hold_lock = supervisor_ && !supervisor_->has_ended();
    return !may_hold_lock && !is_locked(SupervisorFiles(folder_).lock);
}

asio::awaitable<void> SupervisedProcess::begin(std::stop_token stop) const {
    constexpr std::chrono::milliseconds pause{5};
    const auto clock = async::system_clock();
    while (!was_launched(folder_) && !has_ended()) {
        if (stop.stop_requested()) throw cancelled();
        co_await clock->sleep_for(pause, stop);
    }
}

asio::awaitable<void> SupervisedProcess::wait(std::stop_token stop) {
    const auto clock = async::system_clock();
    const auto begun = std::chrono::steady_clock::now();
    for (;;) {
        if (stop.stop_requested()) throw cancelled();
        if (has_ended()) co_return;
        const auto pause = until_next_look(std::chrono::steady_clock::now() - begun);
        co_await clock->sleep_for(pause, stop);
    }
}

void SupervisedProcess::terminate() {
    std::ofstream(SupervisorFiles(folder_).stop).flush();
}

// What has just begun may end at any moment; what has run for a day may be seen to end a quarter of
// a second late.
std::chrono::milliseconds until_next_look(std::chrono::steady_clock::duration waited) {
    const auto part = std::chrono::duration_cast<std::chrono::milliseconds>(waited) / 20;
    return std::clamp(part, std::chrono::milliseconds(10), std::chrono::milliseconds(250));
}

void append_log(const std::filesystem::path& log, std::string_view text) {
    std::ofstream(log, std::ios::app | std::ios::binary) << text;
}

std::string log_tail(const std::filesystem::path& log) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(log, missing);
    if (missing) return {};
    const auto length = static_cast<std::size_t>(std::min(size, tail_size));
    std::string tail(length, '\0');
    std::ifstream file(log, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(size - length));
    file.read(tail.data(), static_cast<std::streamsize>(length));
    tail.resize(static_cast<std::size_t>(file.gcount()));
    return tail;
}

}  // namespace aml::execution
