#include "cli/cli.hpp"
#include "execution/supervisor.hpp"
#include "http/cpprest_transport.hpp"
#include "platform/terminal.hpp"
#include "program/emulator.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    using namespace aml;
    const platform::StandardStreams streams;
    std::vector<std::string> arguments(argv + 1, argv + argc);
    // How this program starts itself to watch over a run.
    if (arguments.size() == 2 && arguments.front() == "--supervise")
        return execution::supervise(arguments.back());
    // The emulator is a program of its own in all but the file, and has its own command line.
    if (!arguments.empty() && arguments.front() == "emulator") {
        arguments.erase(arguments.begin());
        return emulator::main(arguments, AML_VERSION);
    }
    use_language(terminal_language());
    try {
        http::initialize_transport_threads();
        return cli::main(arguments, AML_VERSION);
    } catch (const std::exception& error) {
        fmt::print(stderr, "aml: {}\n", error.what());
        return 1;
    }
}
