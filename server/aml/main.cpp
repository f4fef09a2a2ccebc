#include "async/asio.hpp"
#include "async/clock.hpp"
#include "cli/cli.hpp"
#include "features/recording.hpp"
#include "features/server.hpp"
#include "http/cpprest_transport.hpp"
#include "rpc/stdio_transport.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/log.hpp"
#include "support/random.hpp"
#include "support/trace.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace aml;

constexpr const char* serve_usage =
    "aml serve --stdio [--log-file FILE] [--log-level error|info|debug] [--record FILE]";

struct ServeOptions {
    bool stdio = false;
    std::optional<std::string> log_file;
    LogLevel log_level = LogLevel::Info;
    std::optional<std::string> record;
};

std::optional<LogLevel> parse_level(std::string_view text) {
    if (text == "error") return LogLevel::Error;
    if (text == "info") return LogLevel::Info;
    if (text == "debug") return LogLevel::Debug;
    return std::nullopt;
}

/// Nothing when the arguments make no sense.
std::optional<ServeOptions> parse_serve(const std::vector<std::string>& arguments) {
    ServeOptions options;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const auto& name = arguments[i];
        if (name == "--stdio") {
            options.stdio = true;
            continue;
        }
        if (i + 1 == arguments.size()) return std::nullopt;
        const auto& value = arguments[++i];
        if (name == "--log-file") {
            options.log_file = value;
        } else if (name == "--record") {
            options.record = value;
        } else if (const auto level = parse_level(value); name == "--log-level" && level) {
            options.log_level = *level;
        } else {
            return std::nullopt;
        }
    }
    return options.stdio ? std::optional(options) : std::nullopt;
}

Trace trace_from_environment() {
    const char* path = std::getenv("AML_TRACE");
    return path != nullptr && *path != '\0' ? Trace::to_file(path) : Trace();
}

int serve(const ServeOptions& options) {
    http::initialize_transport_threads();
    const Log log(options.log_file ? file_sink(*options.log_file) : stderr_sink(),
                  options.log_level);
    const auto clock = async::system_clock();
    const auto random = system_random();
    http::CpprestTransport network;
    asio::io_context loop(1);
    asio::thread_pool blocking(2);
    rpc::StdioTransport stdio(loop.get_executor());
    auto recording = options.record ? features::Recording::to_file(*options.record) : nullptr;
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
        .version = AML_VERSION};
    log.info("aml {} serves", AML_VERSION);
    features::Server server(loop.get_executor(), seams);
    int exit_code = 1;
    std::exception_ptr failure;
    auto finished = [&](std::exception_ptr error, int code) {
        failure = error;
        exit_code = code;
        loop.stop();
    };
    asio::co_spawn(loop, server.run(), finished);
    loop.run();
    if (failure) log.error("the server failed: {}", describe(failure));
    log.info("aml ends with exit code {}", exit_code);
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    // A client that has gone is an error of the write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    use_language(terminal_language());
    try {
        if (!arguments.empty() && arguments.front() == "serve") {
            if (const auto options = parse_serve(arguments)) return serve(*options);
            fmt::print(stderr, "{}\n", localize("usage: {}", serve_usage));
            return 2;
        }
        http::initialize_transport_threads();
        return cli::main(arguments, AML_VERSION);
    } catch (const std::exception& error) {
        fmt::print(stderr, "aml: {}\n", error.what());
        return 1;
    }
}
