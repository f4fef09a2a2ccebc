#include "cli/cli.hpp"
#include "http/cpprest_transport.hpp"
#include "platform/terminal.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    using namespace aml;
    const platform::StandardStreams streams;
    use_language(terminal_language());
    try {
        http::initialize_transport_threads();
        return cli::main({argv + 1, argv + argc}, AML_VERSION);
    } catch (const std::exception& error) {
        fmt::print(stderr, "aml: {}\n", error.what());
        return 1;
    }
}
