#include "runconfig/assist.hpp"
#include "runconfig/run_configuration.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace aml::runconfig;

namespace {

/// A sweep in YAML whose search space, and what else is given, is as written.
std::string sweep_text(const std::string& space,
                       const std::string& more = "",
                       const std::string& use = "x") {
    return "type: sweep\n"
           "trial:\n  command: python t.py ${{search_space." +
           use +
           "}}\n  environment: azureml:e:1\n"
           "objective: {goal: maximize, primary_metric: acc}\n"
           "search_space:\n  x: " +
           space + "\n" +
           (more.find("limits:") == std::string::npos ? "limits: {max_total_trials: 4}\n" : "") +
           (more.find("sampling_algorithm:") == std::string::npos ? "sampling_algorithm: random\n"
                                                                  : "") +
           more;
}

std::vector<std::string> said_of(const std::string& text) {
    std::vector<std::string> said;
    for (const auto& found : analyse(text, Syntax::Yaml).diagnostics)
        said.push_back(found.key + ": " + found.message);
    return said;
}

}  // namespace

TEST_CASE("a sweep that cannot be is told what is wrong, key by key") {
    struct SweepCase {
        std::string text;
        std::vector<std::string> expected;
    };

    const std::string good = "{type: uniform, min_value: 0, max_value: 1}";
    const std::vector<SweepCase> cases_of_sweeps{
        {sweep_text(good), {}},
        {sweep_text("{type: choice, values: [1, 2.5, a]}"), {}},
        {sweep_text("{type: normal, mu: 0, sigma: 1e-2}"), {}},
        {sweep_text("{type: choice}"), {"search_space.x.values: “values” is missing"}},
        {sweep_text("{type: choice, values: []}"), {"search_space.x.values: “values” is missing"}},
        {sweep_text("{type: choice, values: [yes]}"),
         {"search_space.x.values: Azure ML takes no truth values here"}},
        {sweep_text("{type: choise, values: [1]}"),
         {"search_space.x.type: “choise” is not possible here",
          "search_space.x.values: “values” does not go with the type “choise”."}},
        {sweep_text("{type: uniform, min_value: 1}"),
         {"search_space.x.max_value: “max_value” is missing: “uniform” needs it."}},
        {sweep_text("{type: uniform, min_value: 1, max_value: 1}"),
         {"search_space.x.max_value: “max_value” must be above “min_value”, which is 1."}},
        {sweep_text("{type: uniform, min_value: low, max_value: 1}"),
         {"search_space.x.min_value: “low” is not a number."}},
        {sweep_text("{type: quniform, min_value: 0, max_value: 1, q: 0}"),
         {"search_space.x.q: “q” must be above 0."}},
        {sweep_text("{type: qnormal, mu: 0, sigma: 0, q: 1}"),
         {"search_space.x.sigma: “sigma” must be above 0."}},
        {sweep_text("{type: randint, upper: 0}"),
         {"search_space.x.upper: Expected 1 or more, found 0."}},
        {sweep_text("{type: uniform, values: [1]}"),
         {"search_space.x.min_value: “min_value” is missing",
          "search_space.x.max_value: “max_value” is missing",
          "search_space.x.values: “values” does not go with the type “uniform”."}},
        {sweep_text("{type: loguniform, min_value: 1.0e-4, max_value: 0.1}"),
         {"search_space.x.min_value: These are exponents: values are from 1 to 1.105. For values "
          "from 0.0001 to 0.1 write -9.21 and -2.303."}},
        {sweep_text("{type: loguniform, min_value: -9, max_value: -2}"), {}},
        {sweep_text(good, "sampling_algorithm: grid\n"),
         {"search_space.x.type: “grid” tries every combination and knows only “choice”."}},
        {sweep_text("{type: normal, mu: 0, sigma: 1}", "sampling_algorithm: {type: bayesian}\n"),
         {"search_space.x.type: “bayesian” knows only"}},
        {sweep_text(good, "", "y"),
         {"trial.command: “search_space” has no “y”.",
          "search_space.x: Nothing uses it: add ${{search_space.x}} to the command."}},
        {sweep_text(good, "limits: {max_total_trials: 2, max_concurrent_trials: 3}\n"),
         {"limits.max_concurrent_trials: There cannot be 3 trials at a time of 2 in all."}},
        {sweep_text(good, "limits: {max_total_trials: 2000}\n"),
         {"limits.max_total_trials: Azure ML runs 1000 trials at most."}},
        {sweep_text(good, "limits: {timeout: 60, trial_timeout: 90}\n"),
         {"limits.trial_timeout: A trial cannot take longer than the sweep"}},
        {sweep_text(good, "early_termination: {type: bandit}\n"),
         {"early_termination.slack_factor: “slack_factor” or “slack_amount” is missing"}},
        {sweep_text(good,
                    "early_termination: {type: bandit, slack_factor: 0.1, slack_amount: 1}\n"),
         {"early_termination.slack_amount: Either “slack_factor” or “slack_amount”"}},
        {sweep_text(
             good, "early_termination: {type: truncation_selection, truncation_percentage: 100}\n"),
         {"early_termination.truncation_percentage: “truncation_percentage” must be from 1 to "
          "99."}},
        {"type: sweep\n",
         {"trial: “trial” is missing",
          "objective",
          "search_space",
          "sampling_algorithm",
          "limits"}},
    };
    for (const auto& [text, expected] : cases_of_sweeps) {
        CAPTURE(text);
        const auto said = said_of(text);
        CAPTURE(fmt::format("{}", fmt::join(said, "\n")));
        REQUIRE(said.size() == expected.size());
        if (text == "type: sweep\n") continue;
        for (std::size_t i = 0; i < said.size(); ++i) CHECK(said[i].starts_with(expected[i]));
    }
}

TEST_CASE("the editor knows a sweep down to its search space") {
    const auto labels_at = [](std::string text) {
        const auto place = text.find('|');
        text.erase(place, 1);
        std::string all;
        for (const auto& item : propose(Document(text, Syntax::Yaml), place, {}))
            all += item.label + " ";
        return all;
    };
    CHECK(labels_at("type: sweep\nsearch_space:\n  lr:\n    type: uniform\n    |\n") ==
          "min_value max_value ");
    CHECK(labels_at("type: sweep\nsearch_space:\n  lr:\n    type: q|\n")
              .starts_with("choice uniform quniform "));
    CHECK(labels_at("type: sweep\ntrial:\n  co|\n").find("command ") != std::string::npos);
    CHECK(labels_at("type: sweep\nobjective:\n  goal: |\n") == "minimize maximize ");
    CHECK(labels_at("type: sweep\nsampling_algorithm: |\n").starts_with("random grid bayesian "));
    CHECK(
        labels_at("type: sweep\nsearch_space:\n  lr: {}\ntrial:\n  command: python t.py ${{|\n") ==
        "${{search_space.lr}} ");
}
