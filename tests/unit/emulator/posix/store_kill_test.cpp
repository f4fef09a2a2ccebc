#include "core/store.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace aml::emulator::store_kill_test {

TEST_CASE("what was committed before a kill is there after it, the rest is not") {
    const aml::test::TemporaryDirectory folder;
    const auto file = folder.path() / "emulator.db";
    const auto child = ::fork();
    if (child == 0) {
        Store store(file);
        store.set_fact("told", "yes");
        const Transaction open(store);
        store.set_fact("untold", "yes");
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    Store store(file);
    CHECK(store.fact("told") == "yes");
    CHECK_FALSE(store.fact("untold"));
}

}  // namespace aml::emulator::store_kill_test
