#include "async/child_process.hpp"

#include "support/error.hpp"

#include <doctest/doctest.h>

using namespace aml;
using async::ProgramCall;

namespace {

ProgramCall shell(std::string script) {
    ProgramCall call;
    call.arguments = {"/bin/sh", "-c", std::move(script)};
    return call;
}

}  // namespace

TEST_CASE("a program's output, errors and exit code are kept apart") {
    auto call = shell("echo out; echo err >&2; pwd; echo $EXTRA; exit 7");
    call.environment = {{"EXTRA", "more"}};
    const auto result = async::run_program(call, {});
    CHECK(result.exit_code == 7);
    CHECK(result.output == "out\n/\nmore\n");
    CHECK(result.errors == "err\n");
}

TEST_CASE("a program that is killed by a signal, or is none, says so") {
    CHECK(async::run_program(shell("kill -9 $$"), {}).exit_code == 128 + 9);
    ProgramCall nothing;
    nothing.arguments = {"/nowhere/at-all"};
    CHECK_THROWS_AS(async::run_program(nothing, {}), Error);
}

TEST_CASE("what takes too long ends with everything it started, and so does what is stopped") {
    auto call = shell("sleep 1000 & wait");
    call.timeout = std::chrono::milliseconds(50);
    CHECK_FALSE(async::run_program(call, {}).exit_code);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(async::run_program(shell("sleep 1000"), stop.get_token()), Error);
}

TEST_CASE("endless output is cut, not kept") {
    const auto result = async::run_program(shell("head -c 3000000 /dev/zero"), {});
    CHECK(result.exit_code == 0);
    CHECK(result.output.size() == 1024 * 1024);
}
