#include "execution/supervisor.hpp"

#include "execution/job_process.hpp"
#include "execution/supervised_process.hpp"
#include "platform/file.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>

namespace aml::execution {

namespace {

constexpr std::chrono::milliseconds look_around_every{50};

bool is_unwanted(const SupervisorFiles& files) {
    return is_told_to_end() || std::filesystem::exists(files.stop) ||
           !std::filesystem::exists(files.supervisor);
}

ProcessExit run_to_the_end(const LaunchPlan& plan, const SupervisorFiles& files) {
    JobProcess process(plan);
    std::optional<std::chrono::steady_clock::time_point> asked;
    for (;;) {
        if (auto exit = process.wait_for(look_around_every)) return *exit;
        const auto now = std::chrono::steady_clock::now();
        if (!asked && is_unwanted(files)) {
            asked = now;
            process.ask_to_end();
        }
        if (asked && now - *asked >= plan.grace) process.kill();
    }
}

ProcessExit run_plan(const LaunchPlan& plan, const SupervisorFiles& files) {
    try {
        return run_to_the_end(plan, files);
    } catch (const Error& error) {
        append_log(plan.log, error.message() + '\n');
        return {127, false, {}};
    }
}

// Renamed into place, so that nobody reads a half of it.
void write_exit(const ProcessExit& exit, const std::filesystem::path& path) {
    auto fresh = path;
    fresh += ".new";
    {
        auto file = platform::File::open_or_create(fresh);
        file.write_at(0,
                      exit.signalled ? fmt::format("signal {} {}\n", exit.code, exit.signal_name)
                                     : fmt::format("code {}\n", exit.code));
        file.sync();
    }
    platform::replace(fresh, path);
}

}  // namespace

SupervisorFiles::SupervisorFiles(const std::filesystem::path& folder)
    : lock(folder / "lock"),
      supervisor(folder / "supervisor"),
      stop(folder / "stop"),
      exit(folder / "exit") {}

int supervise(const std::filesystem::path& folder) {
    become_supervisor();
    const SupervisorFiles files(folder);
    auto lock = platform::File::open_or_create(files.lock);
    // Others hold it for a moment to see whether anybody does.
    lock.lock();
    const auto plan = take_plan(folder);
    const bool first = !std::filesystem::exists(files.supervisor);
    if (!plan || !first) return EXIT_FAILURE;
    std::ofstream(files.supervisor).flush();
    write_exit(run_plan(*plan, files), files.exit);
    return EXIT_SUCCESS;
}

}  // namespace aml::execution
