#include "features/convert_runs.hpp"

#include "runs/run_status.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml;

TEST_CASE("the protocol names every status of the table") {
    for (const auto& choice : runs::group_choices) {
        for (const auto& status : runs::statuses_for_query(choice.group)) {
            CAPTURE(status);
            CHECK(protocol::RunStatus(status).is_known());
        }
    }
    for (const auto* status : {"Waiting", "Unknown", "NotFound"}) {
        CHECK(runs::find_status(status) != nullptr);
        CHECK(protocol::RunStatus(status).is_known());
    }
}

TEST_CASE("a run whose state nobody has told yet is not over") {
    runs::RunSnapshot run;
    run.job = azure::ResourceId::workspace("s", "g", "w").child("jobs", "r1");
    const auto wire = features::to_wire(run);
    CHECK(wire.status == "Unknown");
    CHECK_FALSE(wire.isFinal);
}
