#include "cli/terminal.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <cstdio>

using namespace aml;

TEST_CASE("a result that finds no space is an error") {
    std::FILE* full = std::fopen("/dev/full", "w");
    REQUIRE(full != nullptr);
    {
        cli::Terminal terminal({.out = full, .error = full});
        const auto failure = test::error_of([&] { terminal.line("a result"); });
        CHECK(failure.kind() == ErrorKind::Unavailable);
        CHECK(failure.message() == "Cannot write the output: No space left on device.");
    }
    std::fclose(full);
}
