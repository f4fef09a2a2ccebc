#include "program/state_folder.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <sys/stat.h>

using namespace aml;
using namespace aml::emulator;

TEST_CASE("a second emulator on a state learns where the first one is") {
    const test::TemporaryDirectory folder;
    StateClaim first(folder.path());
    CHECK(first.is_ours());
    CHECK(!first.ready_line());
    first.announce(R"({"armEndpoint":"http://127.0.0.1:1"})");
    const StateClaim second(folder.path());
    CHECK(!second.is_ours());
    CHECK(second.ready_line() == R"({"armEndpoint":"http://127.0.0.1:1"})");
}

TEST_CASE("an emulator that ended leaves its state to the next one, with its address") {
    const test::TemporaryDirectory folder;
    auto first = std::make_unique<StateClaim>(folder.path());
    first->announce("one");
    first.reset();
    StateClaim next(folder.path());
    CHECK(next.is_ours());
    CHECK(next.ready_line() == "one");
    next.announce("two");
    CHECK(next.ready_line() == "two");
}

TEST_CASE("nobody else may read the ready line, since it holds the secret") {
    const test::TemporaryDirectory folder;
    StateClaim claim(folder.path());
    claim.announce("secret");

    struct stat status {};

    REQUIRE(::stat((folder.path() / "ready.json").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}
