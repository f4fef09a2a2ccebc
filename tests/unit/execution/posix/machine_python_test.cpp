#include "execution/machine_python.hpp"

#include "execution/host_system.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace aml::execution::machine_python_test {
using aml::test::TemporaryDirectory;

namespace {

struct Machine {
    asio::io_context loop{1};
    asio::thread_pool pool{1};
    std::optional<std::filesystem::path> chosen{};
    MachinePython python{pool, chosen, "--python"};
};

std::string write_program(const TemporaryDirectory& folder, const char* name, const char* script) {
    const auto path = folder.write(name, script);
    std::filesystem::permissions(path, std::filesystem::perms(0755));
    return path.string();
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("what may be Python is tried in the order of its names") {
    const TemporaryDirectory folder;
    const auto launcher = write_program(folder, "py", "");
    const auto python = write_program(folder, "python", "");
    const auto python3 = write_program(folder, "python3", "");
    const auto candidates = python_candidates(folder.path().string());
    CHECK(candidates ==
          std::vector<std::vector<std::string>>{{python3}, {python}, {launcher, "-3"}});
    CHECK(python_candidates("").empty());
}

TEST_CASE("a Python that was chosen is used, or said to be none") {
    const TemporaryDirectory folder;
    Machine machine;
    auto& python = machine.python;
    const auto broken = write_program(folder, "python3", "#!/bin/sh\necho /no/python; exit 1\n");
    machine.chosen = broken;
    CHECK_FALSE(aml::test::run(machine.loop, python.find({})));
    CHECK(python.missing().starts_with(broken + " is no Python 3.6 or newer. Install Python 3 "));
    const auto log = folder.path() / "log.txt";
    CHECK_FALSE(aml::test::run(machine.loop, python.layer(folder.path() / "layer", log, {})));
    CHECK(text_of(log) == python.missing() + "\n");
    // Looked for again, since it may be installed meanwhile.
    write_program(folder, "python3", "#!/bin/sh\necho -n /my/python\n");
    const auto found = aml::test::run(machine.loop, python.find({}));
    CHECK(found == std::filesystem::path("/my/python"));
}

TEST_CASE("an environment on top of the machine's Python has its packages and its own pip") {
    const TemporaryDirectory folder;
    Machine machine;
    auto& python = machine.python;
    const auto layer = folder.path() / "it's a layer";
    const auto log = folder.path() / "log.txt";
    REQUIRE(aml::test::run(machine.loop, python.layer(layer, log, {})));
    CHECK(text_of(layer / "pyvenv.cfg").find("include-system-site-packages = true") !=
          std::string::npos);
    CHECK(std::filesystem::exists(programs_of(layer) / "python3"));
    CHECK(text_of(programs_of(layer) / "pip").find("it'\\''s a layer/bin/python' -m pip") !=
          std::string::npos);
    CHECK(text_of(log).empty());
}

TEST_CASE("bash runs the commands of jobs") {
    const auto shell = choose_shell("echo 1", "/usr/bin:/bin");
    CHECK(shell.arguments == std::vector<std::string>{"/bin/bash", "-c", "echo 1"});
    CHECK(shell.note.empty());
    CHECK(search_first("/venv/bin", "/usr/bin:/bin") == "/venv/bin:/usr/bin:/bin");
}

}  // namespace aml::execution::machine_python_test
