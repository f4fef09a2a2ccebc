#include "cli/program.hpp"

#include "async/clock.hpp"
#include "async/run_blocking.hpp"
#include "async/task_group.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/run_report.hpp"
#include "cli/terminal_prompter.hpp"
#include "http/cpprest_transport.hpp"
#include "http/failure_log.hpp"
#include "local/run_folder.hpp"
#include "local/this_computer.hpp"
#include "local/transport.hpp"
#include "platform/environment.hpp"
#include "platform/terminal.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "workspace/diagnostics.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace aml::cli {
namespace {

constexpr int standard_input = 0;

bool someone_can_answer(const Terminal& terminal) {
    return platform::is_terminal(stdin) && platform::is_terminal(stderr) && !terminal.json();
}

Log log_of(const CommandLine& line) {
    return line.has("--verbose") ? Log(stderr_sink(), LogLevel::Info) : Log();
}

/// An orderly end is quicker; what it leaves undone the next command finds, as after a crash.
constexpr std::chrono::seconds longest_end{1};

[[noreturn]] void end_at_once() {
    std::_Exit(static_cast<int>(ExitCode::Interrupted));
}

/// The real parts that a command works with.
class Wiring final {
public:
    Wiring(asio::io_context& loop,
           const TypedCommand& typed,
           Terminal& terminal,
           const std::string& version)
        : clock(async::system_clock()),
          random(system_random()),
          transport(std::make_unique<http::CpprestTransport>()),
          log(log_of(typed.line)),
          tasks(loop.get_executor(),
                [log = log](const std::exception_ptr& error) { log.error("{}", describe(error)); }),
          state(workspace::SavedState::default_directory(),
                pool,
                log,
                [&terminal](const std::string& text) { terminal.remark(text); }),
          failures(*transport, *clock),
          here(state, [] { return std::vector{std::filesystem::current_path()}; }),
          access(
              parts(failures, version),
              tasks,
              workspace::AccessSettings::from_environment("aml/" + version),
              sign_in_tools(
                  terminal, pool, someone_can_answer(terminal) || typed.command == &login_command)),
          local_access(parts(here, version), tasks, local::access_settings("aml/" + version), {}),
          reader(standard_input),
          prompter(terminal, reader, someone_can_answer(terminal)),
          invocation{.line = typed.line,
                     .operand = typed.operand,
                     .terminal = terminal,
                     .prompter = prompter,
                     .clock = *clock,
                     .random = *random,
                     .tasks = tasks,
                     .state = state,
                     .access = access,
                     .log = log,
                     .directory = std::filesystem::current_path(),
                     .interactive = someone_can_answer(terminal)} {}

    std::unique_ptr<async::Clock> clock;
    std::unique_ptr<Random> random;
    std::unique_ptr<http::Transport> transport;
    Log log;
    asio::thread_pool pool{2};
    async::TaskGroup tasks;
    workspace::SavedState state;
    http::FailureLog failures;
    local::Transport here;
    workspace::AzureAccess access;
    workspace::AzureAccess local_access;
    LineReader reader;
    TerminalPrompter prompter;
    Invocation invocation;

    /// The command is about runs on this computer.
    Invocation local_invocation() {
        return {.line = invocation.line,
                .operand = invocation.operand,
                .terminal = invocation.terminal,
                .prompter = prompter,
                .clock = *clock,
                .random = *random,
                .tasks = tasks,
                .state = state,
                .access = local_access,
                .log = log,
                .directory = invocation.directory,
                .interactive = invocation.interactive,
                .here = true};
    }

private:
    http::PipelineParts parts(http::Transport& way, const std::string& version) {
        return {.transport = way,
                .clock = *clock,
                .random = *random,
                .log = log,
                .user_agent = "aml/" + version};
    }

    // Waiting for a browser makes sense only when somebody reads the code.
    static auth::SignInTools sign_in_tools(Terminal& terminal,
                                           asio::thread_pool& pool,
                                           bool someone_reads) {
        auth::SignInTools tools;
        tools.pool = &pool;
        if (!someone_reads) return tools;
        tools.show_device_code = [&terminal](const auth::DeviceCode& code,
                                             const std::stop_source&) {
            terminal.remark(localize("To sign in, open {} and enter the code {}",
                                     code.verification_uri,
                                     code.user_code));
        };
        return tools;
    }
};

/// Whether the command says so, or names a run on this computer.
asio::awaitable<bool> is_here(Wiring& wiring, const TypedCommand& typed) {
    if (typed.line.has("--local")) co_return true;
    const bool names_run = typed.command->operand.starts_with("JOB");
    if (!names_run || typed.line.has("--workspace")) co_return false;
    if (local::is_here(typed.operand)) co_return true;
    auto places = co_await wiring.here.places();
    auto look = [places = std::move(places), name = typed.operand] {
        const auto has_it = [&name](const std::filesystem::path& runs) {
            return local::record_of({runs / name}).has_value();
        };
        return std::ranges::any_of(places, has_it);
    };
    co_return co_await async::run_blocking(wiring.pool, std::move(look));
}

}  // namespace

Program::Program(const TypedCommand& typed, Terminal& terminal, std::string version)
    : typed_(typed),
      terminal_(terminal),
      version_(std::move(version)),
      signals_(loop_) {
    for (const int signal : platform::stop_signals()) signals_.add(signal);
}

ExitCode Program::run() {
    watch_signals();
    auto code = ExitCode::Failed;
    async::TaskGroup command(loop_.get_executor(), nullptr);
    command.spawn(perform(code));
    loop_.run();
    return code;
}

asio::awaitable<void> Program::perform(ExitCode& code) {
    std::exception_ptr failure;
    try {
        code = co_await perform_wired();
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) code = report(failure);
    signals_.cancel();
}

asio::awaitable<ExitCode> Program::perform_wired() {
    Wiring wiring(loop_, typed_, terminal_, version_);
    const auto handler = std::get<AzureHandler>(typed_.command->handler);
    std::exception_ptr failure;
    auto code = ExitCode::Failed;
    try {
        const bool here = co_await is_here(wiring, typed_);
        auto invocation = here ? wiring.local_invocation() : wiring.invocation;
        code = co_await handler(invocation, stop_.get_token());
    } catch (const Error& error) {
        failure = std::current_exception();
        if (typed_.line.has("--verbose") && workspace::has_diagnostics(error))
            diagnostics_ =
                workspace::diagnostics(error, wiring.failures, wiring.clock->now(), version_);
    } catch (...) {
        failure = std::current_exception();
    }
    terminal_.live("");
    wiring.tasks.request_stop();
    co_await wiring.tasks.join();
    if (failure) std::rethrow_exception(failure);
    co_return code;
}

void Program::watch_signals() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (error) return;
        if (stop_.stop_requested()) end_at_once();
        // Not everything that blocks can be stopped, such as reading from a network drive.
        auto end_soon = [] {
            std::this_thread::sleep_for(longest_end);
            end_at_once();
        };
        std::thread(end_soon).detach();
        stop_.request_stop();
        watch_signals();
    });
}

ExitCode Program::report(const std::exception_ptr& failure) {
    auto error = Error(ErrorKind::InternalError, describe(failure));
    try {
        std::rethrow_exception(failure);
    } catch (const Error& known) {
        error = known;
    } catch (const std::exception&) {
        terminal_.remark(localize("This is a fault of aml itself; please report it."));
    }
    if (error.kind() == ErrorKind::Cancelled) {
        const bool interrupted = stop_.stop_requested();
        if (!interrupted) terminal_.remark(localize("Cancelled."));
        return interrupted ? ExitCode::Interrupted : ExitCode::Cancelled;
    }
    terminal_.error(error.message());
    terminal_.value(error_json(error));
    if (!diagnostics_.empty()) terminal_.remark(diagnostics_);
    if (error.kind() != ErrorKind::InvalidParams) return ExitCode::Failed;
    terminal_.remark(help_hint(typed_.command));
    return ExitCode::Usage;
}

}  // namespace aml::cli
