#include "execution/environment_builder.hpp"

#include "async/event.hpp"
#include "execution/environment_script.hpp"
#include "execution/host_environment.hpp"
#include "execution/placeholders.hpp"
#include "execution/supervised_process.hpp"
#include "platform/environment.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <fstream>
#include <utility>

namespace aml::execution {

namespace {

std::string title(const EnvironmentPlan& plan) {
    auto text = fmt::format("Building environment {}\n", plan.key());
    for (const auto& note : plan.notes) text += note + "\n";
    for (const auto& line : plan.requirements) text += fmt::format("  {}\n", line);
    return text;
}

std::string last_error(const std::string& tail) {
    const auto start = tail.rfind("ERROR:");
    auto text = start == std::string::npos ? tail : tail.substr(start);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const auto line = text.rfind('\n');
    if (start == std::string::npos && line != std::string::npos) text.erase(0, line + 1);
    return text;
}

}  // namespace

struct EnvironmentBuilder::Build {
    explicit Build(asio::any_io_executor executor)
        : done(std::move(executor)) {}

    async::Event done;
};

EnvironmentBuilder::EnvironmentBuilder(const std::filesystem::path& program,
                                       MachinePython& python,
                                       std::filesystem::path cache)
    : program_(program),
      python_(python),
      cache_(std::move(cache)) {}

std::filesystem::path EnvironmentBuilder::folder_of(const EnvironmentPlan& plan) const {
    return cache_ / plan.key();
}

bool EnvironmentBuilder::is_built(const EnvironmentPlan& plan) const {
    return std::filesystem::exists(folder_of(plan) / ".complete");
}

asio::awaitable<void> EnvironmentBuilder::build(EnvironmentPlan plan,
                                                std::filesystem::path work,
                                                std::filesystem::path log,
                                                std::stop_token stop,
                                                std::stop_token keep) {
    const auto executor = co_await asio::this_coro::executor;
    const auto key = plan.key();
    // A build that fails or is cancelled leaves the next waiter to try for itself.
    for (auto other = builds_[key].lock(); other; other = builds_[key].lock()) {
        append_log(log, "Another job is building the same environment; waiting for it.\n");
        co_await other->done.wait(stop);
        other.reset();
        if (is_built(plan)) co_return append_log(log, "The environment is ready.\n");
    }
    const auto build = std::make_shared<Build>(executor);
    builds_[key] = build;
    std::exception_ptr error;
    try {
        co_await run_build(plan, std::move(work), std::move(log), std::move(stop), std::move(keep));
    } catch (...) {
        error = std::current_exception();
    }
    builds_.erase(key);
    build->done.set();
    if (error) std::rethrow_exception(error);
}

asio::awaitable<void> EnvironmentBuilder::run_build(EnvironmentPlan plan,
                                                    std::filesystem::path work,
                                                    std::filesystem::path log,
                                                    std::stop_token stop,
                                                    std::stop_token keep) {
    auto process = SupervisedProcess::adopt(work);
    if (!process) {
        const auto python = co_await python_.find(stop);
        if (!python) throw Error(ErrorKind::Rejected, python_.missing());
        std::filesystem::remove_all(work);
        std::filesystem::create_directories(work);
        std::filesystem::create_directories(cache_);
        append_log(log, title(plan));
        std::ofstream(work / "requirements.txt")
            << fmt::format("{}\n", fmt::join(plan.requirements, "\n"));
        LaunchPlan launch;
        launch.log = log;
        launch.working_directory = work;
        launch.arguments = {python->string(),
                            "-c",
                            std::string(environment_script),
                            "build",
                            folder_of(plan).string(),
                            "requirements.txt",
                            plan.python_version};
        launch.environment = host_environment();
        process = SupervisedProcess::launch(program_, work, launch);
    }
    bool stopped = false;
    try {
        co_await process->wait(stop);
    } catch (const Error&) {
        stopped = true;
    }
    if (stopped && keep.stop_requested()) throw cancelled();
    if (stopped) {
        process->terminate();
        co_await process->wait(keep);
        throw cancelled();
    }
    const auto exit = SupervisedProcess::exit_of(work);
    if (exit && exit->succeeded()) co_return;
    throw Error(ErrorKind::Rejected,
                localize("Image build failed. Please check log file "
                         "'azureml-logs/20_image_build_log.txt' for error details. Error: {}",
                         printable(last_error(log_tail(log)))));
}

std::filesystem::path environment_cache(std::string_view of) {
    auto caches = platform::cache_home();
    if (caches.empty()) caches = std::filesystem::temp_directory_path();
    return caches / of / "environments";
}

}  // namespace aml::execution
