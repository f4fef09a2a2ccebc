// The wizard that makes sweeps.
#include "runconfig/run_configuration.hpp"
#include "support/error_of.hpp"
#include "support/wizard_world.hpp"
#include "wizard/wizard.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;
using nlohmann::json;

namespace {

constexpr const char* source = R"(import argparse, mlflow
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--depth", type=int, choices=[2, 3, 4])
mlflow.log_metric("accuracy", 1.0)
mlflow.log_metric("val_loss", 1.0)
)";

constexpr const char* job_text = R"({
  "type": "command", "code": ".", "command": "python train.py --depth ${{inputs.depth}}",
  "environment": "azureml:e:1", "compute": "azureml:cpu", "inputs": {"depth": 3}
})";

constexpr const char* parameters = "parameters to try";
constexpr const char* metric = "metric of the sweep";
constexpr const char* goal = "goal of the sweep";
constexpr const char* trials = "trials of the sweep";
constexpr const char* at_once = "trials at a time";

struct SweepWorld : test::WizardWorld {
    SweepWorld() { project.write("mnist starter/train.py", source); }

    std::optional<wizard::WizardResult> run(wizard::WizardRequest request = {}) {
        request.purpose = wizard::Purpose::Sweep;
        if (request.configuration.empty()) request.script = script;
        wizard::ExperimentWizard wizard(catalog, state, prompter);
        return test::run(loop, wizard.run(std::move(request), {}));
    }

    void write_job() { project.write("mnist starter/train.job.json", job_text); }

    void answer_the_rest() {
        prompter.pick(metric, "accuracy");
        prompter.pick(goal, "The larger the better");
        prompter.accept(trials);
        prompter.accept(at_once);
    }

    json written(const std::string& file) const { return json::parse(text_of(in_project(file))); }
};

std::vector<std::string> rows_of(const ui::PickQuestion& question) {
    std::vector<std::string> all;
    for (const auto& item : question.items) all.push_back(item.label);
    return all;
}

}  // namespace

TEST_CASE("a sweep of a script with a run configuration asks for what is tried, and no more") {
    SweepWorld world;
    world.write_job();
    world.prompter.pick(parameters, {"depth", "lr"});
    world.prompter.accept("values of depth");
    world.prompter.enter("values of lr", "choice(0.1,0.01,0.001,0.0001)");
    world.answer_the_rest();
    const auto result = world.run();
    REQUIRE(result);
    CHECK(world.prompter.done());
    CHECK(result->created);
    CHECK(result->configuration == world.in_project("train.sweep.job.json"));
    const auto sweep = world.written("train.sweep.job.json");
    CHECK(sweep["search_space"] == json::parse(R"({"depth": {"type": "choice", "values": [2, 3, 4]},
                          "lr": {"type": "choice", "values": [0.1, 0.01, 0.001, 0.0001]}})"));
    CHECK(sweep["trial"]["command"] ==
          "python train.py --lr ${{search_space.lr}} --depth ${{search_space.depth}}");
    CHECK(sweep["objective"] == json{{"primary_metric", "accuracy"}, {"goal", "maximize"}});
    CHECK(sweep["sampling_algorithm"] == "grid");
    CHECK(sweep["limits"] == json{{"max_total_trials", 12}, {"max_concurrent_trials", 4}});
    CHECK(runconfig::load(result->configuration).warnings.empty());
    CHECK(world.written("train.job.json") == json::parse(job_text));
    // Questions say where they stand.
    CHECK(world.prompter.picks.front().step == 1);
    CHECK(world.prompter.picks.back().total_steps == 7);
    CHECK(world.prompter.inputs.front().value == "choice(2,3,4)");
    CHECK(world.prompter.inputs[2].value == "12");
    CHECK(rows_of(world.prompter.picks[1]) ==
          std::vector<std::string>{"accuracy", "val_loss", "Another metric…"});
}

TEST_CASE("a second sweep gets a file of its own") {
    SweepWorld world;
    world.write_job();
    world.project.write("mnist starter/train.sweep.job.json", "{}");
    world.prompter.pick(parameters, "depth");
    world.prompter.accept("values of depth");
    world.answer_the_rest();
    const auto result = world.run();
    REQUIRE(result);
    CHECK(result->configuration == world.in_project("train.sweep2.job.json"));
    CHECK(world.written("train.sweep.job.json") == json::object());
}

TEST_CASE("back leads to the question before with its answer, and escape writes nothing") {
    SweepWorld world;
    world.write_job();
    world.prompter.pick(parameters, std::vector<std::string>{});
    world.prompter.pick(parameters, {"depth", "lr"});
    world.prompter.enter("values of depth", "between(1,2)");
    world.prompter.enter("values of depth", "randint(5)");
    world.prompter.back("values of lr");
    world.prompter.back("values of depth");
    world.prompter.pick(parameters, "depth");
    world.prompter.accept("values of depth");
    world.prompter.pick(metric, "Another metric…");
    world.prompter.back(metric);
    world.prompter.pick(metric, "Another metric…");
    world.prompter.enter(metric, "error_rate");
    world.prompter.back(goal);
    world.prompter.pick(metric, "val_loss");
    world.prompter.pick(goal, "The smaller the better");
    world.prompter.enter(trials, "1001");
    world.prompter.enter(trials, "2");
    world.prompter.escape(at_once);
    CHECK_FALSE(world.run());
    CHECK(world.prompter.done());
    REQUIRE(world.prompter.refused.size() == 2);
    CHECK(world.prompter.refused[0].starts_with("Expected choice(A,B,…)"));
    CHECK(world.prompter.refused[1] == "Expected a whole number from 1 to 1000.");
    CHECK(world.prompter.inputs.back().value == "2");
    CHECK(!std::filesystem::exists(world.in_project("train.sweep.job.json")));
    // Chosen before, and proposed by what is lost and what is won.
    CHECK(world.prompter.picks[2].items[0].picked);
    CHECK(world.prompter.inputs[3].value == "randint(5)");
    CHECK(world.prompter.picks.back().items[1].picked);
}

TEST_CASE("a sweep of a script without a run configuration asks for both") {
    SweepWorld world;
    world.everything();
    world.prompter.pick("subscription", "Dev");
    world.prompter.pick("workspace", "w");
    world.prompter.pick("experiment", "mnist");
    world.prompter.pick("compute", "Serverless");
    world.prompter.pick("compute configuration", "General");
    world.prompter.pick("packages", {"python=3.11"});
    world.prompter.pick(parameters, "lr");
    world.prompter.accept("values of lr");
    world.answer_the_rest();
    const auto result = world.run();
    REQUIRE(result);
    CHECK(world.prompter.done());
    const auto sweep = world.written("train.sweep.job.json");
    CHECK(sweep["experiment_name"] == "mnist");
    CHECK(sweep["trial"]["command"] == "python train.py --lr ${{search_space.lr}}");
    CHECK(sweep["search_space"]["lr"]["type"] == "loguniform");
    CHECK(sweep["limits"]["max_total_trials"] == 20);
    CHECK(std::filesystem::exists(world.in_project(".azureml/config.json")));
    CHECK(!std::filesystem::exists(world.in_project("train.job.json")));
    const auto& prompt = world.prompter.inputs.front().prompt;
    CHECK(prompt.starts_with(
        "loguniform takes exponents: loguniform(-6.908,-2.303) is from 0.001 to 0.1."));
}

TEST_CASE("what cannot be swept is refused with what to do") {
    SweepWorld world;
    world.project.write("mnist starter/train.py", "print(1)\n");
    auto failure = test::error_of([&] { world.run(); });
    CHECK(failure.kind() == ErrorKind::Rejected);
    CHECK(failure.message().starts_with("train.py has no options whose values could be tried."));
    const auto file = world.project.write("mnist starter/s.job.json", R"({"type": "Sweep"})");
    failure = test::error_of([&] { world.run({.configuration = file}); });
    CHECK(failure.message() ==
          "s.job.json is a sweep already: change what it says, or press Submit Experiment.");
}

TEST_CASE("a run configuration is swept as it stands in the editor") {
    SweepWorld world;
    const auto file = world.project.write("mnist starter/a.job.yml", "type: command\n");
    world.prompter.pick(parameters, {"size"});
    world.prompter.enter("values of size", "choice(1,2)");
    world.answer_the_rest();
    const auto result = world.run({.configuration = file,
                                   .text = "code: .\ncommand: python train.py ${{inputs.size}}\n"
                                           "environment: azureml:e:1\ninputs: {size: 4}\n"});
    REQUIRE(result);
    CHECK(result->configuration == world.in_project("a.sweep.job.json"));
    CHECK(world.written("a.sweep.job.json")["trial"]["command"] ==
          "python train.py ${{search_space.size}}");
}
