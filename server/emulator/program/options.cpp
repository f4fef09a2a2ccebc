#include "program/options.hpp"

#include "support/error.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace aml::emulator {
namespace {

[[noreturn]] void reject_value(std::string_view flag,
                               std::string_view wanted,
                               std::string_view got) {
    throw Error(ErrorKind::InvalidParams,
                fmt::format("{} takes {}, not \"{}\". Try --help.", flag, wanted, got));
}

std::uint64_t number(std::string_view flag,
                     std::string_view text,
                     std::uint64_t least,
                     std::uint64_t most) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
        reject_value(flag, fmt::format("a whole number from {} to {}", least, most), text);
    }
    return value;
}

/// Applies one flag that has a value.
void apply(Options& options, std::string_view flag, const std::string& value) {
    if (value.empty())
        throw Error(ErrorKind::InvalidParams, fmt::format("{} needs a value. Try --help.", flag));
    if (flag == "--port") {
        options.port = static_cast<unsigned short>(number(flag, value, 0, 65535));
    } else if (flag == "--state") {
        options.state = value;
    } else if (flag == "--latency") {
        options.latency = std::chrono::milliseconds(number(flag, value, 0, 600'000));
    } else if (flag == "--environments") {
        if (value != "build" && value != "system") reject_value(flag, "build or system", value);
        options.settings.environments =
            value == "build" ? Environments::Build : Environments::System;
    } else if (flag == "--env-cache") {
        options.settings.environment_cache = value;
    } else if (flag == "--node-start") {
        options.settings.node_start = std::chrono::milliseconds(number(flag, value, 0, 600'000));
    } else if (flag == "--faults") {
        options.faults = value;
    } else if (flag == "--record") {
        options.record = value;
    } else if (flag == "--seed") {
        options.settings.seed = value;
    } else if (flag == "--page-size") {
        options.settings.page_size = number(flag, value, 1, 10'000);
    } else if (flag == "--idle-exit") {
        options.idle_exit = std::chrono::minutes(number(flag, value, 1, 10'080));
    } else if (flag == "--token-lifetime") {
        options.settings.token_lifetime = std::chrono::seconds(number(flag, value, 1, 31'536'000));
    } else {
        throw Error(ErrorKind::InvalidParams, fmt::format("Unknown option {}. Try --help.", flag));
    }
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--help" || argument == "-h") {
            options.help = true;
        } else if (argument == "--version") {
            options.version = true;
        } else if (argument == "--tls") {
            options.tls = true;
        } else if (argument == "--shared") {
            options.shared = true;
        } else if (argument == "--debug") {
            options.debug = true;
        } else if (!argument.starts_with("--")) {
            throw Error(ErrorKind::InvalidParams,
                        fmt::format("Unexpected argument \"{}\". Try --help.", argument));
        } else if (const auto equals = argument.find('='); equals != std::string_view::npos) {
            apply(options, argument.substr(0, equals), std::string(argument.substr(equals + 1)));
        } else if (i + 1 < arguments.size()) {
            apply(options, argument, arguments[++i]);
        } else {
            throw Error(ErrorKind::InvalidParams,
                        fmt::format("{} needs a value. Try --help.", argument));
        }
    }
    if (options.shared && !options.state)
        throw Error(ErrorKind::InvalidParams, "--shared needs --state. Try --help.");
    return options;
}

std::string usage() {
    return "Usage: aml-emulator [options]\n"
           "A local Azure Machine Learning on 127.0.0.1. Prints one JSON line when it is ready; "
           "logs go to standard error.\n"
           "\n"
           "  --port N               port to listen on; 0, the default, picks a free one\n"
           "  --tls                  speak HTTPS; the ready line's caFile names the certificate to "
           "trust\n"
           "  --state DIR            keep everything in DIR; without it a temporary folder is used "
           "and removed at exit\n"
           "  --shared               if an emulator runs on the state already, print its ready "
           "line "
           "and end; use the port of last time if it is free\n"
           "  --idle-exit MINUTES    end when nobody asked for anything for so long and no job is "
           "unfinished\n"
           "  --environments MODE    build: a virtual environment for each job environment "
           "(default); system: this machine's Python\n"
           "  --env-cache DIR        where built environments are kept (default: the user's cache "
           "folder)\n"
           "  --node-start MS        how long a cluster node takes to start, and to hand over "
           "after a "
           "job (default 2000)\n"
           "  --seed FILE            create subscriptions, workspaces and runs described by a JSON "
           "file\n"
           "  --page-size N          longest page of any list (default 50)\n"
           "  --token-lifetime SEC   how long access tokens live (default 3600)\n"
           "  --latency MS           delay every reply\n"
           "  --faults FILE          fail some requests, as described by a JSON file\n"
           "  --record FILE          append one JSON line per HTTP exchange, secrets removed\n"
           "  --debug                log more\n"
           "  --version, --help\n";
}

}  // namespace aml::emulator
