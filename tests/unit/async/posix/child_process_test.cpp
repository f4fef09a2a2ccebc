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

TEST_CASE("a program that is killed by a signal says so") {
    CHECK(async::run_program(shell("kill -9 $$"), {}).exit_code == 128 + 9);
}

TEST_CASE("what takes too long ends with everything it started, and so does what is stopped") {
    auto call = shell("sleep 1000 & wait");
    call.timeout = std::chrono::milliseconds(50);
    CHECK_FALSE(async::run_program(call, {}).exit_code);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(async::run_program(shell("sleep 1000"), stop.get_token()), Error);
}
