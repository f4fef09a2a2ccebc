#include "async/asio.hpp"
#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "cli/commands.hpp"
#include "features/recording.hpp"
#include "features/server.hpp"
#include "http/cpprest_transport.hpp"
#include "platform/environment.hpp"
#include "rpc/stdio_transport.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/log.hpp"
#include "support/random.hpp"
#include "support/trace.hpp"

#include <array>
#include <exception>
#include <string>
#include <utility>

namespace aml::cli {
namespace {

constexpr std::array serve_options{
    OptionSpec{"--stdio",
               "",
               Localizable("Speak on standard input and output. Required, as in other servers.")},
    OptionSpec{"--log-file", "FILE", Localizable("Log there and not to standard error.")},
    OptionSpec{"--log-level", "LEVEL", Localizable("error, info or debug; info unless told.")},
    OptionSpec{"--record",
               "FILE",
               Localizable("Write down what is said to the editor and to Azure, without secrets.")},
};

LogLevel level_of(const CommandLine& line) {
    constexpr std::array levels{LogLevel::Error, LogLevel::Info, LogLevel::Debug};
    return levels.at(line.choice("--log-level", {"error", "info", "debug"}).value_or(1));
}

Trace trace_from_environment() {
    const auto path = platform::variable("AML_TRACE");
    return path.empty() ? Trace() : Trace::to_file(path);
}

asio::awaitable<void> run_session(features::Server& server,
                                  asio::io_context& loop,
                                  const Log& log,
                                  ExitCode& code) {
    try {
        code = static_cast<ExitCode>(co_await server.run());
    } catch (const std::exception& error) {
        log.error("the server failed: {}", error.what());
    }
    loop.stop();
}

/// Speaks with an editor until it has left. Throws: InvalidParams.
ExitCode serve(const TypedCommand& typed, const std::string& version) {
    const auto& line = typed.line;
    if (!line.has("--stdio")) {
        throw Error(ErrorKind::InvalidParams,
                    localize("'aml {}' needs {}.", typed.command->name, "--stdio"));
    }
    const auto level = level_of(line);
    const auto log_file = line.value("--log-file");
    const auto record = line.value("--record");
    const Log log(log_file ? file_sink(*log_file) : stderr_sink(), level);
    const auto clock = async::system_clock();
    const auto random = system_random();
    http::CpprestTransport network;
    asio::io_context loop(1);
    asio::thread_pool blocking(2);
    rpc::StdioTransport stdio(loop.get_executor());
    auto recording = record ? features::Recording::to_file(*record) : nullptr;
    features::RecordedClient recorded_client(stdio, recording.get());
    const auto trace = trace_from_environment();
    features::RecordedHttp recorded_http(network, recording.get(), trace);
    const features::Seams seams{
        .transport = recorded_client,
        .clock = *clock,
        .http = recorded_http,
        .configure_network =
            [&network](http::NetworkSettings settings) { network.configure(std::move(settings)); },
        .random = *random,
        .blocking_pool = blocking,
        .log = log,
        .trace = trace,
        .version = version};
    log.info("aml {} serves", version);
    features::Server server(loop.get_executor(), seams);
    auto code = ExitCode::Failed;
    async::TaskGroup session(loop.get_executor(), nullptr);
    session.spawn(run_session(server, loop, log, code));
    loop.run();
    log.info("aml ends with exit code {}", static_cast<int>(code));
    return code;
}

}  // namespace

const Command serve_command{.name = "serve",
                            .summary = Localizable("Serve an editor (language server)"),
                            .options = serve_options,
                            .handler = serve};

}  // namespace aml::cli
