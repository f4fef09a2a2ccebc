#include "arm/compute_validation.hpp"
#include "arm/conda.hpp"
#include "arm/job_problems.hpp"
#include "entra/scopes.hpp"
#include "support/error.hpp"

#include <doctest/doctest.h>

namespace aml::emulator::arm_validation_test {

namespace {

/// The messages of what was found wrong.
template <typename Check>
std::vector<std::string> problems(Check check) {
    JobProblems found;
    check(found);
    std::vector<std::string> messages;
    try {
        found.raise(Request());
    } catch (const Refused& refused) {
        const auto body = json::parse(std::get<std::string>(refused.reply().body));
        for (const auto& detail : body["error"]["details"]) messages.push_back(detail["message"]);
    }
    return messages;
}

std::string cluster_code(const json& body, const json& properties = json::object()) {
    Workspace workspace;
    workspace.location = "eastus2";
    workspace.body["properties"] = properties;
    try {
        check_cluster(body, workspace);
    } catch (const Refused& refused) {
        return json::parse(std::get<std::string>(refused.reply().body))["error"]["code"];
    }
    return "";
}

json cluster_body(const char* size, int least, int most) {
    return {{"location", "eastus2"},
            {"properties",
             {{"computeType", "AmlCompute"},
              {"properties",
               {{"vmSize", size},
                {"scaleSettings", {{"minNodeCount", least}, {"maxNodeCount", most}}}}}}}};
}

}  // namespace

TEST_CASE("compute names follow Azure's pattern") {
    for (const auto* name : {"cpu-cluster", "abc", "gpu4", "a-b-4c", "abcdefghijklmnopqrstuvwx"})
        CHECK_MESSAGE(is_compute_name(name), name);
    for (const auto* name :
         {"", "ab", "4cpu", "cpu_1", "cpu-1", "cpu-cluster-12", "abcdefghijklmnopqrstuvwxy"})
        CHECK_FALSE_MESSAGE(is_compute_name(name), name);
}

TEST_CASE("clusters are checked for what their workspace's network asks of them") {
    auto body = cluster_body("Standard_DS3_v2", 0, 4);
    const json locked{{"publicNetworkAccess", "Disabled"}};
    CHECK(cluster_code(body, locked) == "BadRequest");
    CHECK(cluster_code(body,
                       {{"publicNetworkAccess", "Disabled"},
                        {"managedNetwork", {{"isolationMode", "AllowOnlyApprovedOutbound"}}}})
              .empty());
    auto& inner = body["properties"]["properties"];
    inner["enableNodePublicIp"] = false;
    CHECK(cluster_code(body) == "BadRequest");
    inner["subnet"] = {{"id", "default"}};
    CHECK(cluster_code(body, locked) == "BadRequest");
    inner["subnet"] = {{"id",
                        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/"
                        "virtualNetworks/v/subnets/default"}};
    CHECK(cluster_code(body, locked).empty());
}

TEST_CASE("clusters are checked for size, scale and quota") {
    CHECK(cluster_code(cluster_body("standard_ds3_V2", 0, 4)).empty());
    CHECK(cluster_code(cluster_body("Standard_Nothing", 0, 4)) == "BadRequest");
    CHECK(cluster_code(cluster_body("Standard_DS3_v2", 5, 4)) == "BadRequest");
    CHECK(cluster_code(cluster_body("Standard_DS3_v2", 0, 0)) == "BadRequest");
    CHECK(cluster_code(cluster_body("Standard_DS3_v2", -1, 4)) == "BadRequest");
    CHECK(cluster_code(cluster_body("Standard_DS3_v2", 26, 30)) ==
          "ClusterMinNodesExceedCoreQuota");
    CHECK(cluster_code(cluster_body("Standard_ND40rs_v2", 0, 1)) == "QuotaExceeded");
    CHECK(cluster_code({{"properties", {{"computeType", "Kubernetes"}}}}) == "BadRequest");
    CHECK(cluster_code(json::object()) == "BadRequest");
    auto elsewhere = cluster_body("Standard_DS3_v2", 0, 4);
    elsewhere["location"] = "westus2";
    CHECK(cluster_code(elsewhere) == "BadRequest");
}

TEST_CASE("every reference of a command must be declared") {
    const json job{{"inputs", {{"lr", {{"jobInputType", "literal"}, {"value", "1"}}}}},
                   {"outputs", {{"o", json::object()}}},
                   {"searchSpace", {{"depth", json::array()}}}};
    const auto wrong = problems([&](JobProblems& found) {
        check_references(
            "run ${{inputs.lr}} ${{ inputs.x }} ${{outputs.o}} ${{search.y}} "
            "${{search_space.depth}}",
            job,
            found);
    });
    REQUIRE(wrong.size() == 2);
    CHECK(wrong[0].find("inputs.x") != std::string::npos);
    CHECK(wrong[1].find("search.y") != std::string::npos);
    CHECK(problems([&](JobProblems& found) {
              check_references("run ${{inputs.lr", job, found);
          }).size() == 1);
}

TEST_CASE("inputs get defaults and every wrong one is named") {
    JobProblems none;
    const auto good = check_inputs(
        {{"d",
          {{"jobInputType", "uri_folder"}, {"uri", "azureml://x"}, {"mode", "readonlymount"}}}},
        none);
    CHECK(none.empty());
    CHECK(good["d"]["mode"] == "ReadOnlyMount");
    const json wrong{{"a", {{"jobInputType", "literal"}, {"value", 1}}},
                     {"b", {{"jobInputType", "uri_file"}}},
                     {"c", {{"jobInputType", "table"}}},
                     {"d-e", {{"jobInputType", "literal"}, {"value", "x"}}}};
    CHECK(problems([&](JobProblems& found) { check_inputs(wrong, found); }).size() == 4);
    CHECK(problems([&](JobProblems& found) { check_inputs(json::array(), found); }).size() == 1);
}

TEST_CASE("a job always has the output default") {
    JobProblems none;
    const auto outputs = check_outputs(nullptr, "j1", none);
    CHECK(outputs["default"]["uri"] ==
          "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.j1");
}

TEST_CASE("resources, distribution and limits are checked") {
    const auto resources = [](json value) {
        return problems([&](JobProblems& found) { check_resources(value, found); }).size();
    };
    CHECK(resources(nullptr) == 0);
    CHECK(resources({{"instanceCount", 2}, {"shmSize", "16G"}}) == 0);
    CHECK(resources({{"instanceCount", 0}}) == 1);
    CHECK(resources({{"instanceCount", "2"}, {"shmSize", "big"}}) == 2);
    const auto limits = [](json value) {
        return problems([&](JobProblems& found) { check_limits(value, found); }).size();
    };
    CHECK(limits({{"jobLimitsType", "Command"}, {"timeout", "PT1H"}}) == 0);
    CHECK(limits({{"jobLimitsType", "Command"}, {"timeout", "1h"}}) == 1);
    CHECK(limits({{"timeout", "PT0S"}}) == 2);
    CHECK(problems([](JobProblems& found) {
              check_distribution({{"distributionType", "Horovod"}, {"workerCount", -1}}, found);
          }).size() == 2);
}

TEST_CASE("conda files are echoed as JSON text, aliases cannot make them explode") {
    const auto text = conda_as_json(
        "name: e\nchannels: [conda-forge]\ndependencies:\n  - python=3.10\n  - pip:\n    - "
        "torch>=2\n");
    CHECK(
        json::parse(text) ==
        json::parse(
            R"({"name":"e","channels":["conda-forge"],"dependencies":["python=3.10",{"pip":["torch>=2"]}]})"));
    CHECK(conda_as_json(text) == text);
    for (const auto* wrong : {"a: [b", "- just\n- a list", "name: x", "dependencies: python"})
        CHECK_THROWS_AS(conda_as_json(wrong), Error);
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 9; ++i) {
        const auto before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int k = 0; k < 9; ++k) bomb += "," + before;
        bomb += "]\n";
    }
    CHECK_THROWS_AS(conda_as_json(bomb + "dependencies: [python]\n"), Error);
}

TEST_CASE("scopes name one resource") {
    const auto scopes =
        parse_scopes("https://management.azure.com//.default offline_access openid profile");
    CHECK(scopes.resource == "https://management.azure.com/");
    CHECK(scopes.permission == ".default");
    CHECK(scopes.offline_access);
    CHECK(scopes.openid);
    CHECK(parse_scopes("https://a/.default https://b/.default").ambiguous);
    CHECK(is_known_resource("https://ml.azure.com/"));
    CHECK(is_known_resource("https://ml.azure.0.1:8080"));
    CHECK_FALSE(is_known_resource("https://ml.azure.0.1:8080.example.com"));
    CHECK(is_known_resource("http://127.0.0.1:99"));
    CHECK_FALSE(is_known_resource("https://example.com"));
}

}  // namespace aml::emulator::arm_validation_test
