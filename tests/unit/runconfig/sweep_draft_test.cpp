#include "runconfig/sweep_draft.hpp"

#include "runconfig/command_line.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace aml::runconfig;

namespace {

const std::string script = R"(
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--batch", type=int, choices=[16, 32])
parser.add_argument("--data")
)";

const std::string configuration = R"({
  "type": "command",
  "name": "once",
  "command": "python train.py --batch ${{inputs.size}} --data ${{inputs.data}} --plain ${{inputs.plain}}",
  "environment": "azureml:e:1",
  "inputs": {"size": 16, "data": {"path": "azureml:d:1"}, "plain": 2.5, "unused": 1},
  "tags": {"a": "b"}
})";

std::vector<std::string> names(const std::vector<ScriptOption>& options) {
    std::vector<std::string> all;
    for (const auto& option : options) all.push_back(option.name);
    return all;
}

}  // namespace

TEST_CASE("an option is given to the script of a command, or takes the place of its value") {
    CHECK(with_option("python train.py", "--lr", "X") == "python train.py --lr X");
    CHECK(with_option("python 'train.py' --a 1 && echo done", "--lr", "X") ==
          "python 'train.py' --lr X --a 1 && echo done");
    CHECK(with_option("python train.py --lr 0.1 --lr2 3", "--lr", "X") ==
          "python train.py --lr X --lr2 3");
    CHECK(with_option("python train.py --lr=0.1\n", "--lr", "X") == "python train.py --lr X\n");
    CHECK(with_option("python train.py --lr --deep", "--lr", "X") ==
          "python train.py --lr X --deep");
    CHECK(with_option("python train.py --lr2 3", "--lr", "X") == "python train.py --lr X --lr2 3");
    CHECK(with_option("./train \\\n  --a 1\n", "--lr", "X") == "./train \\\n  --a 1 --lr X\n");
    CHECK(with_option("", "--lr", "X") == " --lr X");
}

TEST_CASE("what a sweep can try is what the command uses, and what the script could have besides") {
    const auto options = searchable_options(Document(configuration), script);
    CHECK(names(options) == std::vector<std::string>{"size", "plain", "lr"});
    CHECK(options[0].choices == std::vector<std::string>{"16", "32"});
    CHECK(options[0].flag.empty());
    CHECK(options[1].type == ScriptOption::Type::Number);
    CHECK(options[2].flag == "--lr");
}

TEST_CASE("the sweep of a job is a run configuration of its own") {
    const auto options = searchable_options(Document(configuration), script);
    SweepWish wish;
    wish.options = {options[2]};
    wish.search = {{"lr", "uniform(0.1,0.2)"}, {"size", "choice(16,32)"}};
    wish.metric = "acc";
    wish.goal = "minimize";
    wish.most_trials = 12;
    wish.most_at_once = 4;
    const auto text = sweep_text(wish, Document(configuration));
    CHECK(text.find("\"$schema\"") < text.find("\"type\": \"sweep\""));
    auto sweep = nlohmann::json::parse(text);
    CHECK(sweep["$schema"].get<std::string>().find("sweepJob.schema.json") != std::string::npos);
    sweep.erase("$schema");
    CHECK(sweep == nlohmann::json::parse(R"({
        "type": "sweep",
        "inputs": {"data": {"path": "azureml:d:1"}, "plain": 2.5, "unused": 1},
        "search_space": {"lr": {"type": "uniform", "min_value": 0.1, "max_value": 0.2},
                         "size": {"type": "choice", "values": [16, 32]}},
        "objective": {"primary_metric": "acc", "goal": "minimize"},
        "sampling_algorithm": "random",
        "limits": {"max_total_trials": 12, "max_concurrent_trials": 4},
        "tags": {"a": "b"},
        "trial": {"command": "python train.py --lr ${{search_space.lr}} --batch ${{search_space.size}} --data ${{inputs.data}} --plain ${{inputs.plain}}",
                  "environment": "azureml:e:1"}
    })"));
}

TEST_CASE("a space is checked while it is typed") {
    CHECK(!space_problem("lr", "choice(1, 2)"));
    CHECK(!space_problem("lr", "quniform(0,1,0.1)"));
    CHECK(space_problem("lr", "").value_or("").starts_with("Expected choice(A,B,…)"));
    CHECK(space_problem("lr", "between(1,2)").value_or("").starts_with("Expected choice"));
    CHECK(space_problem("lr", "uniform(2,1)") ==
          "“max_value” must be above “min_value”, which is 2.");
    CHECK(space_problem("lr", "uniform(a,1)") == "“a” is not a number.");
    CHECK(combinations_of({{"a", "choice(1,2,3)"}, {"b", "choice(x,y)"}}) == 6);
    CHECK(!combinations_of({{"a", "choice(1,2,3)"}, {"b", "uniform(0,1)"}}));
    CHECK(!combinations_of({{"a", "choice"}}));
}

TEST_CASE("sweeps lie beside what they are sweeps of") {
    CHECK(sweep_path("/a/train.job.json", 1) == "/a/train.sweep.job.json");
    CHECK(sweep_path("/a/job.yml", 1) == "/a/job.sweep.job.json");
    CHECK(sweep_path("/a/train.job.yaml", 3) == "/a/train.sweep3.job.json");
}
