// The keys of a sweep job, with the REST properties they become. tests/fidelity/sweep_job.test.mjs
// holds the table, tests/fixtures/azure/sweep_job_pairs.json, against what Microsoft's azure-ai-ml
// sends.

#include "runconfig/job_types.hpp"
#include "runconfig/rest_job.hpp"
#include "runconfig/run_configuration.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>
#include <string>

using namespace aml;
using namespace aml::runconfig;

namespace {

nlohmann::json sweep_pairs() {
    std::ifstream file(AML_SOURCE_DIR "/tests/fixtures/azure/sweep_job_pairs.json");
    return nlohmann::json::parse(file);
}

nlohmann::json usual_sweep() {
    return {
        {"type", "sweep"},
        {"compute", "azureml:c"},
        {"trial",
         {{"command", "python t.py --lr ${{search_space.lr}}"}, {"environment", "azureml:e:1"}}},
        {"sampling_algorithm", "random"},
        {"search_space", {{"lr", {{"type", "uniform"}, {"min_value", 0.1}, {"max_value", 0.9}}}}},
        {"objective", {{"goal", "maximize"}, {"primary_metric", "acc"}}},
        {"limits", {{"max_total_trials", 4}}}};
}

nlohmann::json usual_sweep_rest() {
    return {
        {"jobType", "Sweep"},
        {"computeId", "/compute"},
        {"trial",
         {{"command", "python t.py --lr ${{search_space.lr}}"}, {"environmentId", "/environment"}}},
        {"samplingAlgorithm", {{"samplingAlgorithmType", "Random"}}},
        {"searchSpace", {{"lr", {"uniform", {0.1, 0.9}}}}},
        {"objective", {{"goal", "Maximize"}, {"primaryMetric", "acc"}}},
        {"limits", {{"jobLimitsType", "Sweep"}, {"maxTotalTrials", 4}}}};
}

}  // namespace

TEST_CASE("what is written of a sweep becomes the properties that Azure knows") {
    for (const auto& pair : sweep_pairs()) {
        CAPTURE(pair.dump());
        auto file = usual_sweep();
        file.update(pair.at("file"));
        auto wanted = usual_sweep_rest();
        wanted.update(pair.at("rest"));
        const auto analysis = analyse(file.dump());
        for (const auto& found : analysis.diagnostics) {
            INFO(found.key << ": " << found.message);
            CHECK(found.severity != Severity::Error);
        }
        REQUIRE(analysis.job);
        ResolvedReferences resolved{std::nullopt, "/environment", "/compute", {}};
        if (program_of(*analysis.job)->code) resolved.code_id = "/code";
        CHECK(to_rest(*analysis.job, resolved).at("properties") == wanted);
    }
}

TEST_CASE("every key of a sweep's own is known, and is in a pair") {
    std::set<std::string> paired;
    for (const auto& pair : sweep_pairs()) {
        for (const auto& key : pair.at("keys")) paired.insert(key.get<std::string>());
    }
    const auto check = [&](const ObjectSchema& schema, const std::string& prefix) {
        for (const auto& key : schema.keys) {
            if (key.read_only || key.name == "$schema" || key.name == "name") continue;
            CAPTURE(key.name);
            CHECK(paired.contains(prefix + std::string(key.name)));
        }
    };
    check(sweep_schema, "");
    for (const auto* name :
         {"sampling_algorithm", "objective", "early_termination", "limits", "trial"})
        check(*sweep_schema.find(name)->object, std::string(name) + ".");
    check(*sweep_schema.find("search_space")->object->additional->object, "search_space.*.");
}
