#include "compute/environment_builder.hpp"

#include "async/run_blocking.hpp"
#include "compute/host_environment.hpp"
#include "compute/placeholders.hpp"
#include "compute/supervised_process.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <utility>

namespace aml::emulator {

namespace {

// Arguments: folder of the environment, requirements file (pip names it in every line of its log),
// wanted Python version or "".
constexpr auto script = R"sh(
set -eo pipefail
target=$1 requirements=$2 wanted=$3
exec 9>"$target.lock"
flock --nonblock 9 || { echo "Another emulator is building this environment; waiting for it."; flock 9; }
if [ -e "$target/.complete" ]; then echo "The environment is in the cache already."; exit 0; fi
python=
for candidate in ${wanted:+"python$wanted"} python3 python; do
    if "$candidate" -c 'import sys' 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then echo "ERROR: This machine has no Python. Install python3 and python3-venv."; exit 1; fi
have=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ -n "$wanted" ] && [ "$have" != "$wanted" ]; then
    echo "The environment asks for Python $wanted. This machine has no python$wanted: Python $have is used instead."
else
    echo "Python $have is used."
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "ERROR: This machine's Python $have makes no virtual environments. Install python3-venv."
    exit 1
fi
rm -rf "$target"
"$python" -m venv "$target"
# Python compiles what it imports; all the rest need not wait for that.
if [ -s "$requirements" ] && ! "$target/bin/python" -m pip install --disable-pip-version-check --no-input \
    --progress-bar off --no-compile -r "$requirements" 2>&1 | tee install.log; then
    if grep --quiet 'Failed to establish a new connection\|Name or service not known\|name resolution' install.log; then
        echo "ERROR: The Python package index cannot be reached from this machine. Connect it and run again."
    fi
    exit 1
fi
touch "$target/.complete"
echo "The environment is ready."
)sh";

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

EnvironmentBuilder::EnvironmentBuilder(Context& context, std::filesystem::path cache)
    : context_(context),
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
    const auto executor = co_await asio::this_coro::executor;
    auto process = SupervisedProcess::adopt(executor, work);
    if (!process) {
        std::filesystem::remove_all(work);
        std::filesystem::create_directories(work);
        std::filesystem::create_directories(cache_);
        append_log(log, title(plan));
        std::ofstream(work / "requirements.txt")
            << fmt::format("{}\n", fmt::join(plan.requirements, "\n"));
        LaunchPlan launch;
        launch.folder = work;
        launch.log = log;
        launch.working_directory = work;
        launch.arguments = {"/bin/bash",
                            "-c",
                            script,
                            "build",
                            folder_of(plan).string(),
                            "requirements.txt",
                            plan.python_version};
        launch.environment = host_environment();
        process = SupervisedProcess::launch(executor, launch);
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
                fmt::format("Image build failed. Please check log file "
                            "'azureml-logs/20_image_build_log.txt' for error "
                            "details. Error: {}",
                            printable(last_error(log_tail(log)))));
}

std::filesystem::path default_environment_cache() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const auto base = cache != nullptr && *cache != '\0'
                          ? std::filesystem::path(cache)
                          : std::filesystem::path(home == nullptr ? "/tmp" : home) / ".cache";
    return base / "aml-emulator" / "environments";
}

}  // namespace aml::emulator
