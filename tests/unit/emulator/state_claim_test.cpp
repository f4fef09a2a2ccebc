#include "program/state_folder.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <optional>

namespace aml::emulator::state_claim_test {

TEST_CASE("a second emulator on a state learns where the first one is") {
    const aml::test::TemporaryDirectory folder;
    StateClaim first(folder.path());
    CHECK(first.is_ours());
    CHECK(!first.ready_line());
    first.announce(R"({"armEndpoint":"http://127.0.0.1:1"})");
    const StateClaim second(folder.path());
    CHECK(!second.is_ours());
    CHECK(second.ready_line() == R"({"armEndpoint":"http://127.0.0.1:1"})");
}

TEST_CASE("an emulator that ended leaves its state to the next one, with its address") {
    const aml::test::TemporaryDirectory folder;
    auto first = std::make_unique<StateClaim>(folder.path());
    first->announce("one");
    first.reset();
    StateClaim next(folder.path());
    CHECK(next.is_ours());
    CHECK(next.ready_line() == "one");
    next.announce("two");
    CHECK(next.ready_line() == "two");
}

TEST_CASE("a state folder that cannot be made is named") {
    const aml::test::TemporaryDirectory folder;
    const auto file = folder.write("file", "");
    const auto error = aml::test::error_of([&] { StateFolder(file / "state"); });
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message() ==
          "Cannot use the state folder " + (file / "state").string() + ": Not a directory.");
}

}  // namespace aml::emulator::state_claim_test
