#include "submit/submit_types.hpp"

#include <doctest/doctest.h>

using namespace aml;

TEST_CASE("a run that has ended when it is found is followed until its end is known") {
    submit::SubmittedRun run;
    run.job_name = "brave_fig_0";
    for (const auto* status : {"Completed", "Failed", "Canceled"}) {
        run.status = status;
        CHECK_FALSE(submit::snapshot_of(run).is_final());
    }
    run.status = "Starting";
    CHECK(submit::snapshot_of(run).status == "Starting");
}
