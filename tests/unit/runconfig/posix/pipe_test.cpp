#include "runconfig/run_configuration.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace aml;

TEST_CASE("a configuration that is a pipe is refused, and no writer is waited for") {
    const test::TemporaryDirectory folder;
    const auto pipe = folder.path() / "pipe.job.json";
    REQUIRE(::mkfifo(pipe.c_str(), S_IRUSR) == 0);
    CHECK(test::error_of([&] { runconfig::load(pipe); }).kind() == ErrorKind::Unavailable);
}
