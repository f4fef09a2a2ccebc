#include "program/options.hpp"

#include "platform/environment.hpp"
#include "support/command_line.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <array>

namespace aml::emulator {
namespace {

constexpr std::array<OptionSpec, 18> option_table{{
    {"--port", "N", Localizable("port to listen on; 0, the default, picks a free one")},
    {"--tls",
     "",
     Localizable("speak HTTPS; the ready line's caFile names the certificate to trust")},
    {"--state",
     "DIR",
     Localizable("keep everything in DIR; without it a temporary folder is used and\n"
                 "removed at exit")},
    {"--shared",
     "",
     Localizable("if an emulator runs on the state already, print its ready line and\n"
                 "end; use the port of last time if it is free")},
    {"--idle-exit",
     "MINUTES",
     Localizable("end when nobody asked for anything for so long and no job is\n"
                 "unfinished")},
    {"--environments",
     "MODE",
     Localizable("build: a virtual environment for each job environment (default);\n"
                 "system: this machine's Python")},
    {"--python",
     "PATH",
     Localizable("the Python 3 that jobs run on (default: $AZUREML_EMULATOR_PYTHON, else\n"
                 "python3, python or py -3)")},
    {"--env-cache",
     "DIR",
     Localizable("where built environments are kept (default: the user's cache folder)")},
    {"--node-start",
     "MS",
     Localizable("how long a cluster node takes to start, and to hand over after a job\n"
                 "(default 2000)")},
    {"--seed",
     "FILE",
     Localizable("create subscriptions, workspaces and runs described by a JSON file")},
    {"--page-size", "N", Localizable("longest page of any list (default 50)")},
    {"--token-lifetime", "SEC", Localizable("how long access tokens live (default 3600)")},
    {"--latency", "MS", Localizable("delay every reply")},
    {"--faults", "FILE", Localizable("fail some requests, as described by a JSON file")},
    {"--record", "FILE", Localizable("append one JSON line per HTTP exchange, secrets removed")},
    {"--debug", "", Localizable("log more")},
    {"--version", "", Localizable("print the version")},
    {"--help", "", Localizable("print this text")},
}};

std::chrono::milliseconds milliseconds(std::uint64_t count) {
    return std::chrono::milliseconds(count);
}

void read_settings(const CommandLine& line, Settings& settings) {
    settings.seed = line.value("--seed");
    settings.page_size = line.number("--page-size", 1, 10'000).value_or(settings.page_size);
    if (const auto seconds = line.number("--token-lifetime", 1, 31'536'000))
        settings.token_lifetime = std::chrono::seconds(*seconds);
    if (line.choice("--environments", {"build", "system"}) == 1)
        settings.environments = Environments::System;
    settings.environment_cache = line.value("--env-cache");
    settings.python = line.value("--python");
    const auto usual = platform::variable("AZUREML_EMULATOR_PYTHON");
    if (!settings.python && !usual.empty()) settings.python = usual;
    if (const auto count = line.number("--node-start", 0, 600'000))
        settings.node_start = milliseconds(*count);
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
    const CommandLine line("aml emulator", arguments, {option_table});
    Options options;
    options.help = line.wants_help();
    options.version = line.has("--version");
    if (options.help || options.version) return options;
    if (!line.operands().empty()) {
        throw Error(ErrorKind::InvalidParams,
                    fmt::format("'aml emulator' takes no '{}'.", line.operands().front()));
    }
    options.port = static_cast<unsigned short>(line.number("--port", 0, 65'535).value_or(0));
    options.state = line.value("--state");
    options.latency = milliseconds(line.number("--latency", 0, 600'000).value_or(0));
    options.faults = line.value("--faults");
    options.record = line.value("--record");
    options.tls = line.has("--tls");
    options.shared = line.has("--shared");
    if (const auto minutes = line.number("--idle-exit", 1, 10'080))
        options.idle_exit = std::chrono::minutes(*minutes);
    options.debug = line.has("--debug");
    read_settings(line, options.settings);
    if (options.shared && !options.state)
        throw Error(ErrorKind::InvalidParams, "--shared needs --state.");
    return options;
}

std::string usage() {
    return "usage: aml emulator [OPTION...]\n\n"
           "A local Azure Machine Learning on 127.0.0.1. Prints one JSON line when it is ready; "
           "logs go to standard error.\n\n" +
           option_lines(option_table);
}

}  // namespace aml::emulator
