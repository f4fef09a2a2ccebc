#include "runconfig/sweep_wish.hpp"

#include "runconfig/run_configuration.hpp"
#include "support/error.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace aml;
using namespace aml::runconfig;

namespace {

const std::string command_file = R"(type: command
command: python a.py ${{ inputs.lr }} ${{inputs.depth}}
environment: azureml:e:1
environment_variables: {LR: "${{inputs.lr}}"}
limits: {timeout: 60}
inputs: {lr: 0.1, depth: 3}
)";

nlohmann::json swept(const std::string& text, const SweepWish& wish) {
    Document document(text, Syntax::Yaml);
    make_sweep(wish, document);
    return to_json(document.root());
}

std::string refused_space(const std::string& space) {
    try {
        read_space({"x", space});
    } catch (const Error& error) {
        return error.message();
    }
    return "read";
}

}  // namespace

TEST_CASE("a command job becomes the sweep that is asked for") {
    SweepWish wish;
    wish.search = {{"lr", "loguniform(-6, -2)"}};
    wish.metric = "acc";
    wish.most_trials = 3;
    CHECK(swept(command_file, wish) == nlohmann::json::parse(R"({
        "type": "sweep",
        "inputs": {"depth": 3},
        "search_space": {"lr": {"type": "loguniform", "min_value": -6, "max_value": -2}},
        "objective": {"primary_metric": "acc", "goal": "maximize"},
        "sampling_algorithm": "random",
        "limits": {"trial_timeout": 60, "max_total_trials": 3, "max_concurrent_trials": 3},
        "trial": {
            "command": "python a.py ${{search_space.lr}} ${{inputs.depth}}",
            "environment": "azureml:e:1",
            "environment_variables": {"LR": "${{search_space.lr}}"}
        }
    })"));
    wish.search = {{"lr", "choice(0.1,fast,\"a,b\")"}, {"depth", "choice(1, 2)"}};
    // Three trials are fewer than there are combinations.
    CHECK(swept(command_file, wish).at("sampling_algorithm") == "random");
    wish.most_trials = 6;
    const auto grid = swept(command_file, wish);
    CHECK(grid.at("sampling_algorithm") == "grid");
    CHECK(grid.at("search_space").at("lr").at("values") == nlohmann::json{0.1, "fast", "a,b"});
    CHECK(analyse(grid.dump()).job);
}

TEST_CASE("a sweep gets what is asked for, and keeps the rest") {
    SweepWish wish;
    wish.search = {{"lr", "uniform(0,1)"}};
    wish.goal = "minimize";
    const auto sweep = swept(
        "type: sweep\ntrial: {command: c}\n"
        "search_space: {lr: {type: choice, values: [1]}}\n"
        "objective: {primary_metric: loss, goal: maximize}\n"
        "sampling_algorithm: grid\nlimits: {max_total_trials: 7}\n",
        wish);
    CHECK(sweep.at("search_space").at("lr").at("type") == "uniform");
    CHECK(sweep.at("objective").at("goal") == "minimize");
    CHECK(sweep.at("limits").at("max_total_trials") == 7);
    CHECK(sweep.at("sampling_algorithm") == "grid");
}

TEST_CASE("a space that cannot be read is refused with the forms there are") {
    CHECK(refused_space("uniform(0,1)") == "read");
    CHECK(refused_space("qnormal(0,1,2)") == "read");
    for (const auto* wrong : {"0.1", "uniform(1)", "uniform 0,1", "beta(1,2)", "randint(1,2)"}) {
        CAPTURE(wrong);
        CHECK(refused_space(wrong).find("expected choice(A,B,…)") != std::string::npos);
    }
}
