#include "cli/cli.hpp"
#include "http/cpprest_transport.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    using namespace aml;
    // A client that has gone is an error of the write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    use_language(terminal_language());
    try {
        http::initialize_transport_threads();
        return cli::main({argv + 1, argv + argc}, AML_VERSION);
    } catch (const std::exception& error) {
        fmt::print(stderr, "aml: {}\n", error.what());
        return 1;
    }
}
