#include "compute/job_processes.hpp"

#include "async/clock.hpp"
#include "execution/supervisor.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace aml::emulator {

JobProcesses::JobProcesses(const JobFolders& folders, const RankPlan& plan)
    : folders_(folders),
      plan_(plan) {
    for (const auto& rank : plan_.ranks) {
        const auto folder = folder_of(rank);
        if (auto process = execution::SupervisedProcess::adopt(folder)) {
            processes_.push_back(std::move(*process));
        } else if (execution::SupervisedProcess::was_launched(folder)) {
            const auto exit = execution::SupervisedProcess::exit_of(folder);
            failed_before_ = failed_before_ || !exit || !exit->succeeded();
        }
    }
}

bool JobProcesses::were_launched() const {
    return std::ranges::any_of(plan_.ranks, [this](const Rank& rank) {
        return execution::SupervisedProcess::was_launched(folder_of(rank));
    });
}

bool JobProcesses::are_incomplete() const {
    return were_launched() && !std::ranges::all_of(plan_.ranks, [this](const Rank& rank) {
               return execution::SupervisedProcess::was_launched(folder_of(rank));
           });
}

bool JobProcesses::are_running() const {
    return std::ranges::any_of(
        processes_, [](const execution::SupervisedProcess& one) { return !one.has_ended(); });
}

asio::awaitable<void> JobProcesses::launch(
    std::filesystem::path supervisor,
    std::function<execution::LaunchPlan(const Rank&)> plan_of,
    std::stop_token stop) {
    const auto known = processes_.size();
    try {
        for (const auto& rank : plan_.ranks) {
            const auto folder = folder_of(rank);
            if (execution::SupervisedProcess::was_launched(folder)) continue;
            std::filesystem::create_directories(folder);
            processes_.push_back(
                execution::SupervisedProcess::launch(supervisor, folder, plan_of(rank)));
        }
    } catch (const Error&) {
        terminate();
        throw;
    }
    for (auto place = known; place < processes_.size(); ++place)
        co_await processes_[place].begin(stop);
}

asio::awaitable<void> JobProcesses::wait(std::stop_token stop) {
    const auto clock = async::system_clock();
    const auto begun = std::chrono::steady_clock::now();
    bool ending = false;
    for (;;) {
        if (stop.stop_requested()) throw cancelled();
        if (!are_running()) co_return;
        if (!ending && has_failed()) {
            ending = true;
            terminate();
        }
        const auto pause = execution::until_next_look(std::chrono::steady_clock::now() - begun);
        co_await clock->sleep_for(pause, stop);
    }
}

void JobProcesses::terminate() {
    for (auto& process : processes_) process.terminate();
}

std::optional<JobProcesses::Failure> JobProcesses::first_failure() const {
    std::optional<Failure> first;
    std::filesystem::file_time_type earliest;
    for (const auto& rank : plan_.ranks) {
        const auto folder = folder_of(rank);
        const auto exit = execution::SupervisedProcess::exit_of(folder);
        if (exit && exit->succeeded()) continue;
        // Without one nobody knows when it was; the others were ended because of it.
        if (!exit) return Failure{&rank, std::nullopt};
        std::error_code unknown;
        const auto when =
            std::filesystem::last_write_time(execution::SupervisorFiles(folder).exit, unknown);
        if (first && when >= earliest) continue;
        first = Failure{&rank, exit};
        earliest = when;
    }
    return first;
}

bool JobProcesses::has_failed() const {
    return failed_before_ ||
           std::ranges::any_of(processes_, [](const execution::SupervisedProcess& one) {
               if (!one.has_ended()) return false;
               const auto exit = one.exit();
               return !exit || !exit->succeeded();
           });
}

std::filesystem::path JobProcesses::folder_of(const Rank& rank) const {
    if (plan_.launcher == Launcher::None) return folders_.process;
    return folders_.process / fmt::format("{:02}", rank.rank);
}

}  // namespace aml::emulator
