#pragma once

#include "async/asio.hpp"
#include "cli/command.hpp"
#include "cli/invocation.hpp"
#include "cli/terminal.hpp"

#include <boost/asio/signal_set.hpp>

#include <exception>
#include <stop_token>
#include <string>

namespace aml::cli {

/// One terminal command that works with Azure, from its loop to its exit code. Ctrl-C and
/// SIGTERM stop it in an orderly way, within a second; a second one at once.
class Program final {
public:
    /// Keeps references to `typed`, whose command has an `AzureHandler`, and to `terminal`.
    Program(const TypedCommand& typed, Terminal& terminal, std::string version);

    /// Runs the command to its end. Failures are reported, not thrown.
    ExitCode run();

private:
    asio::awaitable<void> perform(ExitCode& code);
    asio::awaitable<ExitCode> perform_wired();
    void watch_signals();
    ExitCode report(const std::exception_ptr& failure);

    const TypedCommand& typed_;
    Terminal& terminal_;
    std::string version_;
    asio::io_context loop_{1};
    asio::signal_set signals_;
    std::stop_source stop_;
    /// For --verbose; empty when there is nothing more to say.
    std::string diagnostics_;
};

}  // namespace aml::cli
