#include "state/journal.hpp"

#include "state/last_runs.hpp"
#include "support/child.hpp"
#include "support/error.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

using namespace aml;
using test::TemporaryDirectory;

namespace {

state::Submission example(std::string job_name) {
    return {.job_name = std::move(job_name),
            .arm_endpoint = "https://management.azure.com",
            .workspace_id =
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/"
                "workspaces/w",
            .display_name = "train",
            .experiment = "mnist",
            .script = "/home/u/train.py",
            .configuration = "/home/u/train.job.json",
            .digest = "abc",
            .submitted_at = "2026-01-01T00:00:00Z"};
}

const test::ChildWork opening("open an entry of a journal",
                              [](const test::ChildWork::Arguments& arguments) -> int {
                                  const state::Journal journal(arguments.at(0));
                                  const auto entry = journal.open(example(arguments.at(1)));
                                  std::_Exit(0);
                              });

/// Opens an entry in a process that then dies without settling it.
void open_and_die(const std::filesystem::path& folder, const std::string& job_name) {
    CHECK(test::Child(opening, {folder.string(), job_name}).wait() == 0);
}

}  // namespace

TEST_CASE("nothing is abandoned when nothing was ever submitted") {
    const TemporaryDirectory directory;
    CHECK(state::Journal(directory.path() / "missing").abandoned().empty());
    CHECK_FALSE(std::filesystem::exists(directory.path() / "missing"));
}

TEST_CASE("an entry whose writer lives is left to it") {
    const TemporaryDirectory directory;
    const state::Journal journal(directory.path());
    auto entry = journal.open(example("brave_fig_0"));
    CHECK(journal.abandoned().empty());
    entry.settle();
    CHECK(journal.abandoned().empty());
}

TEST_CASE("an entry whose writer died is handed to exactly one caller") {
    const TemporaryDirectory directory;
    const state::Journal journal(directory.path());
    open_and_die(directory.path(), "brave_fig_0");
    open_and_die(directory.path(), "calm_pear_1");
    {
        auto entries = journal.abandoned();
        REQUIRE(entries.size() == 2);
        CHECK(entries[0].submission() == example("brave_fig_0"));
        CHECK(journal.abandoned().empty());
        entries[0].settle();
    }
    const auto rest = journal.abandoned();
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].submission().job_name == "calm_pear_1");
}

TEST_CASE("a damaged entry is put aside and does not hide the others") {
    const TemporaryDirectory directory;
    const state::Journal journal(directory.path());
    open_and_die(directory.path(), "brave_fig_0");
    directory.write("journal/cut_off_1.json", "{\"version\":1,\"jobNa");
    directory.write("journal/other_2.json", "{\"version\":1,\"jobName\":3}");
    CHECK(journal.abandoned().size() == 1);
    CHECK_FALSE(std::filesystem::exists(directory.path() / "journal/cut_off_1.json"));
    CHECK_FALSE(std::filesystem::exists(directory.path() / "journal/other_2.json"));
}

TEST_CASE("a directory that cannot be written to is found out before an entry is made") {
    const TemporaryDirectory directory;
    const state::Journal journal(directory.path() / "state");
    journal.require_writable();
    CHECK(journal.abandoned().empty());
    directory.write("file", "");
    const state::Journal impossible(directory.path() / "file");
    CHECK_THROWS_AS(impossible.require_writable(), Error);
}

TEST_CASE("a submission survives its JSON form") {
    const auto submission = example("brave_fig_0");
    CHECK(state::submission_from_json(state::to_json(submission)) == submission);
    CHECK_THROWS_AS(state::submission_from_json(nlohmann::json::object()), Error);
}

TEST_CASE("a last run survives its JSON form, and other JSON is no last run") {
    const state::LastRun run{.script = "/home/u/train.py",
                             .configuration = "/home/u/train.job.json",
                             .arm_endpoint = "https://management.azure.com",
                             .workspace_id = "/subscriptions/s",
                             .job_name = "brave_fig_0",
                             .display_name = "train",
                             .experiment = "mnist",
                             .submitted_at = "2026-01-01T00:00:00Z"};
    CHECK(state::last_run_from_json(state::to_json(run)) == run);
    CHECK_FALSE(state::last_run_from_json("text"));
    CHECK_FALSE(state::last_run_from_json({{"script", 1}}));
}
