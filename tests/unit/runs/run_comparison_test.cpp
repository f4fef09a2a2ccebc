#include "runs/run_comparison.hpp"

#include <doctest/doctest.h>

using namespace aml;
using nlohmann::json;
using runs::Difference;

namespace {

constexpr const char* compared_workspace =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

std::string in_workspace(const std::string& rest) {
    return compared_workspace + rest;
}

runs::ComparedRun compared(std::string name,
                           json job,
                           std::vector<runs::MetricValue> metrics = {}) {
    return {.name = std::move(name), .job = std::move(job), .metrics = std::move(metrics)};
}

}  // namespace

TEST_CASE("runs differ by key of the configuration and by metric") {
    const auto left =
        compared("a",
                 {{"command", "python train.py --lr 0.1"},
                  {"resources", {{"instanceCount", 1}}},
                  {"tags", {{"kept", "x"}}}},
                 {{.name = "accuracy", .value = "0.9"}, {.name = "loss", .value = "1"}});
    const auto right =
        compared("b",
                 {{"command", "python train.py --lr 0.2"},
                  {"resources", {{"instanceCount", 2}}},
                  {"tags", {{"kept", "x"}, {"new", "y"}}}},
                 {{.name = "accuracy", .value = "0.95"}, {.name = "loss", .value = "1"}});
    const std::vector<Difference> expected{
        {"command", "python train.py --lr 0.1", "python train.py --lr 0.2"},
        {"resources.instanceCount", "1", "2"},
        {"tags.new", "", "y"},
        {"metrics.accuracy", "0.9", "0.95"},
    };
    CHECK(runs::differences(left, right) == expected);
    CHECK(runs::differences(left, left).empty());
}

TEST_CASE("assets are called by name and version, computes by name") {
    const auto left = compared("a",
                               {{"codeId", in_workspace("/codes/c1/versions/1")},
                                {"computeId", in_workspace("/computes/cpu")}});
    const auto right = compared("b",
                                {{"codeId", in_workspace("/codes/c1/versions/2")},
                                 {"computeId", in_workspace("/computes/gpu")}});
    const std::vector<Difference> expected{{"codeId", "c1:1", "c1:2"}, {"computeId", "cpu", "gpu"}};
    CHECK(runs::differences(left, right) == expected);
}

TEST_CASE("what the service writes, and a run's own name, are no differences") {
    const auto of = [](const std::string& name) {
        return compared(name,
                        {{"services", {{"Studio", {{"endpoint", "https://x/" + name}}}}},
                         {"properties", {{"_azureml.ClusterName", name + "!"}, {"mine", "1"}}},
                         {"outputs", {{"model", {{"uri", "azureml://x/" + name + "/model"}}}}}});
    };
    CHECK(runs::differences(of("a1"), of("b22")).empty());
}
