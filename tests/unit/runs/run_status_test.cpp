#include "runs/run_status.hpp"

#include "runs/run_filter.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml;
using namespace aml::runs;

namespace {

RunSnapshot a_run(std::string status) {
    RunSnapshot run;
    run.job = azure::ResourceId::workspace("s", "g", "w").child("jobs", "brave_fig_0");
    run.display_name = "train";
    run.status = std::move(status);
    run.created_by = "Ada";
    run.target = "cpu";
    return run;
}

}  // namespace

TEST_CASE("each status belongs to a phase, in any case; what is unknown is polled slowly") {
    for (const auto* status : {"NotStarted",
                               "Unapproved",
                               "Starting",
                               "Provisioning",
                               "Preparing",
                               "Waiting",
                               "Queued"}) {
        CHECK(phase_of(status) == RunPhase::Waiting);
    }
    for (const auto* status : {"Running", "Finalizing", "CancelRequested", "Pausing", "running"})
        CHECK(phase_of(status) == RunPhase::Active);
    for (const auto* status : {"Completed", "Failed", "Canceled", "NotFound", "COMPLETED"})
        CHECK(phase_of(status) == RunPhase::Final);
    for (const auto* status : {"NotResponding", "Paused", "Unknown", "", "Teleporting"})
        CHECK(phase_of(status) == RunPhase::Unknown);
}

TEST_CASE("a run waits before the first answer, and after that its status says how far it is") {
    CHECK(a_run("").phase() == RunPhase::Waiting);
    CHECK(a_run("Teleporting").phase() == RunPhase::Unknown);
    CHECK(a_run("Failed").is_final());
}

TEST_CASE("a status is shown in a user's words, and one that is not known as Azure spells it") {
    CHECK(status_text("queued") == "waiting for a node");
    CHECK(status_text("Waiting") == "waiting");
    CHECK(status_text("Teleporting") == "Teleporting");
    CHECK(status_name("canceled") == "Canceled");
    CHECK(status_name("Teleporting") == "Teleporting");
    CHECK(look_of("Failed").icon == "error");
    CHECK(look_of("Waiting").icon == "clock");
    CHECK(look_of("Teleporting").icon == "question");
}

TEST_CASE("runs are filtered by text and state") {
    const auto run = a_run("Running");
    CHECK(matches({}, run));
    CHECK(matches({.text = "TRAI"}, run));
    CHECK(matches({.text = "ada"}, run));
    CHECK(!matches({.text = "bob"}, run));
    CHECK(matches({.groups = {RunGroup::Failed, RunGroup::Unfinished}}, run));
    CHECK(!matches({.groups = {RunGroup::Failed}}, run));
    CHECK(matches({.groups = {RunGroup::Failed}}, a_run("NotResponding")));
    // A state that Azure adds is not the end.
    CHECK(matches({.groups = {RunGroup::Unfinished}}, a_run("Teleporting")));
    CHECK(summary({.text = "x", .groups = {RunGroup::Failed}}) == "failed, matching “x”");
}

TEST_CASE("run history is asked for the statuses that it knows") {
    CHECK(query_filter({}) == "(ParentRunId eq null)");
    CHECK(query_filter({}, "sweep_1") == "(ParentRunId eq sweep_1)");
    CHECK(query_filter({.groups = {RunGroup::Failed, RunGroup::Cancelled}}) ==
          "(ParentRunId eq null) and "
          "(Status eq Failed or Status eq NotResponding or Status eq Canceled)");
    const auto unfinished = query_filter({.groups = {RunGroup::Unfinished}});
    CHECK(unfinished.find("Status eq Queued") != std::string::npos);
    CHECK(unfinished.find("Status eq Paused") != std::string::npos);
    CHECK(unfinished.find("Status eq Waiting") == std::string::npos);
}
