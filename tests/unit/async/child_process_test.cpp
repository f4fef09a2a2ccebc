#include "async/child_process.hpp"

#include "platform/environment.hpp"
#include "support/child.hpp"
#include "support/error.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <future>
#include <string>

using namespace aml;

namespace {

const test::ChildWork speaking("say this and that", [](const test::ChildWork::Arguments&) {
    const auto here = std::filesystem::current_path();
    const auto place = here == here.root_path() ? "at the root" : here.filename().string();
    std::printf("out %s %s", place.c_str(), platform::variable("EXTRA").c_str());
    std::fputs("err", stderr);
    return 7;
});

const test::ChildWork chattering("say a lot", [](const test::ChildWork::Arguments&) {
    const std::string much(3'000'000, 'x');
    return std::fwrite(much.data(), 1, much.size(), stdout) == much.size() ? 0 : 1;
});

const test::ChildWork lasting("never end", [](const test::ChildWork::Arguments&) {
    std::promise<int> never;
    return never.get_future().get();
});

async::ProgramCall call_of(const test::ChildWork& work) {
    async::ProgramCall call;
    call.arguments = work.command({});
    return call;
}

}  // namespace

TEST_CASE("a program's output, errors and exit code are kept apart") {
    auto call = call_of(speaking);
    call.environment = {{"EXTRA", "more"}};
    const auto at_root = async::run_program(call, {});
    CHECK(at_root.exit_code == 7);
    CHECK(at_root.output == "out at the root more");
    CHECK(at_root.errors == "err");
    const test::TemporaryDirectory folder;
    call.directory = folder.path();
    CHECK(async::run_program(call, {}).output ==
          "out " + folder.path().filename().string() + " more");
}

TEST_CASE("a program that is none says so") {
    async::ProgramCall nothing;
    nothing.arguments = {
        (std::filesystem::current_path().root_path() / "nowhere" / "at-all").string()};
    CHECK_THROWS_AS(async::run_program(nothing, {}), Error);
}

TEST_CASE("what takes too long is ended, and so is what is stopped") {
    auto call = call_of(lasting);
    call.timeout = std::chrono::milliseconds(50);
    CHECK_FALSE(async::run_program(call, {}).exit_code);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(async::run_program(call_of(lasting), stop.get_token()), Error);
}

TEST_CASE("endless output is cut, not kept") {
    const auto result = async::run_program(call_of(chattering), {});
    CHECK(result.exit_code == 0);
    CHECK(result.output.size() == 1024 * 1024);
}
