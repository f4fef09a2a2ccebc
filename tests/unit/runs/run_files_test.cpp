#include "runs/run_files.hpp"

#include "runs/log_files.hpp"
#include "support/error.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace aml;

TEST_CASE("a run's file is put below the folder, under its path") {
    const std::filesystem::path folder = "results";
    CHECK(runs::place_for(folder, "outputs/model.pkl") == folder / "outputs" / "model.pkl");
    CHECK(runs::place_for(folder, "a b/#1 %.txt") == folder / "a b" / "#1 %.txt");
}

TEST_CASE("a run's file whose name leads out of the folder is refused") {
    for (const auto* path : {"../secret", "a/../../secret", "/etc/passwd", "a//b", "", "a/.", ".."})
        CHECK_THROWS_AS(runs::place_for("results", path), Error);
}

TEST_CASE("what Azure ML writes is a log, what a script writes is none") {
    CHECK(runs::is_log("user_logs/std_log.txt"));
    CHECK(runs::is_log("system_logs/lifecycler/execution-wrapper.log"));
    CHECK(runs::is_log("azureml-logs/70_driver_log.txt"));
    CHECK_FALSE(runs::is_log("logs/events.out.tfevents"));
    CHECK_FALSE(runs::is_log("outputs/user_logs/a.txt"));
}
