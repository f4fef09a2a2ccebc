#include "execution/supervised_process.hpp"
#include "support/aml_program.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <fstream>

namespace aml::execution::orphans_test {

TEST_CASE("what a process leaves behind goes with it, in whatever session") {
    asio::io_context loop(1);
    const aml::test::TemporaryDirectory folder;
    LaunchPlan plan;
    plan.log = folder.path() / "log.txt";
    plan.working_directory = folder.path();
    plan.arguments = {"/bin/bash", "-c", "setsid sleep 600 & echo $!; sleep 600 & echo $!"};
    plan.environment = {{"PATH", "/usr/bin:/bin"}};
    auto process = SupervisedProcess::launch(aml::test::aml_program(), folder.path(), plan);
    aml::test::run(loop, process.wait({}));
    std::ifstream pids(plan.log);
    pid_t pid = 0;
    int count = 0;
    for (; pids >> pid; ++count) CHECK(::kill(pid, 0) != 0);
    CHECK(count == 2);
    CHECK(SupervisedProcess::exit_of(folder.path())->succeeded());
}

}  // namespace aml::execution::orphans_test
