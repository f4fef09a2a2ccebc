// The keys of a pipeline, with the REST properties that they become, and the components that its
// steps are registered as. tests/fidelity/pipeline_job.test.mjs holds the table,
// tests/fixtures/azure/pipeline_job_pairs.json, against what Microsoft's azure-ai-ml sends.

#include "runconfig/component.hpp"
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

nlohmann::json pipeline_pairs() {
    std::ifstream file(AML_SOURCE_DIR "/tests/fixtures/azure/pipeline_job_pairs.json");
    return nlohmann::json::parse(file);
}

nlohmann::json usual_pipeline() {
    return {
        {"type", "pipeline"},
        {"compute", "azureml:c"},
        {"jobs",
         {{"a",
           {{"type", "command"}, {"command", "python t.py"}, {"environment", "azureml:e:1"}}}}}};
}

nlohmann::json usual_pipeline_rest() {
    return {{"jobType", "Pipeline"},
            {"computeId", "/compute"},
            {"settings", {{"_source", "YAML.JOB"}}},
            {"jobs",
             {{"a",
               {{"name", "a"},
                {"type", "command"},
                {"_source", "YAML.JOB"},
                {"componentId", "/component"}}}}}};
}

ResolvedReferences found_for(const PipelineJob& pipeline) {
    ResolvedReferences resolved;
    resolved.compute_id = "/compute";
    if (pipeline.default_compute) resolved.default_compute_id = "/compute";
    if (!pipeline.default_datastore.empty()) resolved.default_datastore_id = "/datastore";
    for (const auto& step : pipeline.steps) {
        auto& found = resolved.steps[step.name];
        found.component_id = "/component";
        if (step.compute) found.compute_id = "/compute";
    }
    return resolved;
}

}  // namespace

TEST_CASE("what is written of a pipeline becomes the properties that Azure knows") {
    for (const auto& pair : pipeline_pairs()) {
        CAPTURE(pair.dump());
        auto file = usual_pipeline();
        file.update(pair.at("file"));
        auto wanted = usual_pipeline_rest();
        wanted.update(pair.at("rest"));
        const auto analysis = analyse(file.dump());
        for (const auto& found : analysis.diagnostics) {
            INFO(found.key << ": " << found.message);
            CHECK(found.severity != Severity::Error);
        }
        REQUIRE(analysis.job);
        const auto& pipeline = std::get<PipelineJob>(*analysis.job);
        CHECK(to_rest(*analysis.job, found_for(pipeline)).at("properties") == wanted);
        if (!pair.contains("components")) continue;
        for (const auto& step : pipeline.steps)
            CHECK(step.component->spec == pair.at("components").at(step.name));
    }
}

TEST_CASE("every key of a pipeline's own, of its steps and of components is in a pair") {
    std::set<std::string> paired{"component", "jobs.*.component.additional_includes"};
    for (const auto& pair : pipeline_pairs()) {
        for (const auto& key : pair.at("keys")) paired.insert(key.get<std::string>());
    }
    const auto check_all = [&](const ObjectSchema& schema, const std::string& prefix) {
        for (const auto& key : schema.keys) {
            const bool is_of_all =
                key.name == "$schema" || key.name == "name" || key.name == "version";
            if (key.read_only || is_of_all) continue;
            CAPTURE(key.name);
            CHECK(paired.contains(prefix + std::string(key.name)));
        }
    };
    check_all(pipeline_schema, "");
    check_all(*pipeline_schema.find("settings")->object, "settings.");
    check_all(*pipeline_schema.find("jobs")->object->additional->object, "jobs.*.");
    check_all(component_schema, "jobs.*.component.");
    for (const std::string group : {"inputs", "outputs"}) {
        check_all(*component_schema.find(group)->object->additional->object,
                  "jobs.*.component." + group + ".*.");
    }
}
