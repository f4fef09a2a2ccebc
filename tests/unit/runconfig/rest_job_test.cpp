#include "runconfig/rest_job.hpp"

#include "runconfig/run_configuration.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace aml::runconfig;
using nlohmann::json;

namespace {

/// What a job with the least there is and `keys`, members of a JSON object, becomes, without what
/// the least becomes.
json rest_members(const std::string& keys, const ResolvedReferences& resolved = {}) {
    auto analysis = analyse(R"({"command": "t", "environment": "azureml:e:1")" + keys + "}");
    REQUIRE(analysis.job);
    auto properties = to_rest(*analysis.job, resolved).at("properties");
    for (const auto* least : {"command", "environmentId", "jobType"}) {
        CHECK(properties.contains(least));
        properties.erase(least);
    }
    return properties;
}

struct Pair {
    std::string keys;
    json rest;
};

// What tests/fixtures/azure/command_job_pairs.json, the table of every key, has no place for.
const std::vector<Pair> pairs{
    {"", json::object()},
    {R"(, "inputs": {}, "outputs": {}, "services": {}, "tags": {}, "properties": {},
        "environment_variables": {})",
     json::object()},
    {R"(, "tags": {"k": null}, "environment_variables": {"B": ""})",
     {{"tags", {{"k", ""}}}, {"environmentVariables", {{"B", ""}}}}},
    {R"(, "environment_variables": {"N": 0.10, "T": true, "F": false})",
     {{"environmentVariables", {{"N", "0.10"}, {"T", "True"}, {"F", "False"}}}}},
    {R"(, "inputs": {"d": {"path": "https://x/y", "description": "what"}})",
     {{"inputs",
       {{"d",
         {{"jobInputType", "uri_folder"}, {"uri", "https://x/y"}, {"description", "what"}}}}}}},
    {R"(, "inputs": {"t": {"type": "MLTable", "path": "https://x/y", "mode": "Eval_Download"}})",
     {{"inputs",
       {{"t", {{"jobInputType", "mltable"}, {"uri", "https://x/y"}, {"mode", "EvalDownload"}}}}}}},
    {R"(, "outputs": {"o": null, "m": {"name": "a", "version": 2, "description": "what"}})",
     {{"outputs",
       {{"o", {{"jobOutputType", "uri_folder"}}},
        {"m",
         {{"jobOutputType", "uri_folder"},
          {"assetName", "a"},
          {"assetVersion", "2"},
          {"description", "what"}}}}}}},
    {R"(, "resources": {})", {{"resources", json::object()}}},
    {R"(, "resources": {"docker_args": [], "locations": [], "properties": {"a": {"b": null}}})",
     {{"resources", {{"properties", {{"a", {{"b", nullptr}}}}}}}}},
    {R"(, "queue_settings": {"job_tier": "null", "priority": "High"})",
     {{"queueSettings", {{"jobTier", "Null"}, {"priority", 3}}}}},
    {R"(, "services": {"v": {"job_service_type": "vs_code"}})",
     {{"services", {{"v", {{"jobServiceType", "VSCode"}}}}}}},
    // Keys of its own come before what the free-form properties say.
    {R"(, "services": {"s": {"properties": {"other": "x", "sshPublicKeys": "no"}, "type": "ssh",
        "ssh_public_keys": "k", "job_service_type": "custom"}})",
     {{"services",
       {{"s",
         {{"jobServiceType", "SSH"}, {"properties", {{"sshPublicKeys", "k"}, {"other", "x"}}}}}}}}},
};

}  // namespace

TEST_CASE("keys of a file become members of the REST resource") {
    for (const auto& [keys, rest] : pairs) {
        CAPTURE(keys);
        CHECK(rest_members(keys) == rest);
    }
}

TEST_CASE("what was looked up stands in the place of what was written") {
    const ResolvedReferences resolved{
        "/c", "/e", "/m", {{"d", "azureml://datastores/b/paths/LocalUpload/1/data/"}}};
    const auto rest = rest_members(R"(, "compute": "azureml:m", "code": ".",
        "inputs": {"d": {"path": "./data", "mode": "ro_mount"}, "n": 3})",
                                   resolved);
    const json inputs{{"d",
                       {{"jobInputType", "uri_folder"},
                        {"uri", "azureml://datastores/b/paths/LocalUpload/1/data/"},
                        {"mode", "ReadOnlyMount"}}},
                      {"n", {{"jobInputType", "literal"}, {"value", "3"}}}};
    CHECK(rest == json{{"codeId", "/c"}, {"computeId", "/m"}, {"inputs", inputs}});
}
