#include "execution/machine_python.hpp"

#include "async/child_process.hpp"
#include "async/run_blocking.hpp"
#include "execution/environment_script.hpp"
#include "execution/host_environment.hpp"
#include "execution/supervised_process.hpp"
#include "platform/process.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace aml::execution {

namespace {

using PythonCommand = std::vector<std::string>;

// The oldest that environment.py can be read by, which RHEL 8 has. The program's own path, since
// what PATH has may be a script that chooses one.
constexpr auto question =
    "import sys; assert sys.version_info >= (3, 6); "
    "sys.stdout.buffer.write(sys.executable.encode('utf-8'))";
constexpr std::chrono::seconds patience{20};

std::string printed_by(PythonCommand command, const std::stop_token& stop) {
    async::ProgramCall call;
    call.arguments = std::move(command);
    call.timeout = patience;
    try {
        auto result = async::run_program(call, stop);
        return result.exit_code == 0 ? std::move(result.output) : "";
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        return "";  // What cannot be started is no Python.
    }
}

// Without the command line tools /usr/bin/python3 of macOS is a program that offers to install
// them.
bool is_offer_to_install(const std::string& program, const std::stop_token& stop) {
    constexpr auto tools = "/usr/bin/xcode-select";
    return program == "/usr/bin/python3" && std::filesystem::exists(tools) &&
           printed_by({tools, "-p"}, stop).empty();
}

std::optional<std::filesystem::path> first_python(const std::vector<PythonCommand>& candidates,
                                                  const std::stop_token& stop) {
    for (auto command : candidates) {
        if (is_offer_to_install(command.front(), stop)) continue;
        command.insert(command.end(), {"-c", question});
        auto program = printed_by(std::move(command), stop);
        if (!program.empty()) return program;
    }
    return std::nullopt;
}

/// A name alone is looked for in PATH.
std::string program_at(const std::filesystem::path& chosen) {
    if (chosen.has_parent_path()) return std::filesystem::absolute(chosen).string();
    const auto found = platform::find_program(chosen.string(), host_path());
    return (found.empty() ? chosen : found).string();
}

}  // namespace

std::vector<std::vector<std::string>> python_candidates(std::string_view path) {
    std::vector<PythonCommand> candidates;
    const std::array<PythonCommand, 3> commands{{{"python3"}, {"python"}, {"py", "-3"}}};
    for (auto command : commands) {
        const auto program = platform::find_program(command.front(), path);
        if (program.empty()) continue;
        command.front() = program.string();
        candidates.push_back(std::move(command));
    }
    return candidates;
}

asio::awaitable<std::optional<std::filesystem::path>> MachinePython::find(std::stop_token stop) {
    if (found_) co_return found_;
    auto candidates = chosen_ ? std::vector<PythonCommand>{{program_at(*chosen_)}}
                              : python_candidates(host_path());
    auto look = [candidates = std::move(candidates), stop] {
        return first_python(candidates, stop);
    };
    found_ = co_await async::run_blocking(pool_, std::move(look));
    co_return found_;
}

std::string MachinePython::missing() const {
    const std::string remedy = localize(
        "Install Python 3 (https://www.python.org/downloads/, on Linux the packages python3 and "
        "python3-venv)");
    if (chosen_) {
        return localize("{} is no Python 3.6 or newer. {}, or name another with {}.",
                        chosen_->string(),
                        remedy,
                        option_);
    }
    if (option_.empty()) return localize("This computer has no Python 3. {}.", remedy);
    return localize("This machine has no Python 3. {}, or name one with {}.", remedy, option_);
}

asio::awaitable<bool> MachinePython::layer(std::filesystem::path folder,
                                           std::filesystem::path log,
                                           std::stop_token stop) {
    const auto python = co_await find(stop);
    if (!python) {
        append_log(log, missing() + '\n');
        co_return false;
    }
    async::ProgramCall call;
    call.arguments = {
        python->string(), "-c", std::string(environment_script), "layer", folder.string()};
    auto work = [call = std::move(call), stop] { return async::run_program(call, stop); };
    const auto result = co_await async::run_blocking(pool_, std::move(work));
    if (result.exit_code == 0) co_return true;
    append_log(log,
               fmt::format("{}{}{} makes no virtual environment for this job.\n",
                           result.output,
                           result.errors,
                           python->string()));
    co_return false;
}

}  // namespace aml::execution
