#include "views/run_view.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml;

namespace {

std::string fact(const runs::RunSnapshot& run, const std::string& name) {
    for (const auto& one : views::facts_of(run)) {
        if (one.name == name) return one.text;
    }
    return {};
}

}  // namespace

TEST_CASE("the page about a sweep names its metric and its best trial") {
    runs::RunSnapshot run;
    CHECK(fact(run, "Compute") == "serverless");
    CHECK(fact(run, "Primary metric").empty());
    run.sweep.emplace();
    run.sweep->metric = "loss";
    run.sweep->minimizes = true;
    CHECK(fact(run, "Primary metric") == "loss (minimize)");
    CHECK(fact(run, "Best trial").empty());
    run.sweep->best_trial = "s_3";
    run.sweep->score = "0.25";
    CHECK(fact(run, "Best trial") == "3 · loss 0.25");
    run.sweep->minimizes = false;
    CHECK(fact(run, "Primary metric") == "loss (maximize)");
}
