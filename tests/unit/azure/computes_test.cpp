#include "azure/computes.hpp"

#include "azure/compute_json.hpp"
#include "unit/azure/fixture.hpp"

#include <doctest/doctest.h>

using namespace aml;
using std::chrono::milliseconds;
using test::AzureFixture;

namespace {

struct ComputeFixture : AzureFixture {
    azure::ResourceId id = workspace.child("computes", "cpu-cluster");
    std::string url = arm("/computes/cpu-cluster");
    std::string operation =
        "https://management.azure.com/subscriptions/22222222-3333-4444-5555-666666666666/providers/"
        "Microsoft.MachineLearningServices/locations/eastus2/computeOperationsStatus/"
        "o1?api-version=2025-12-01&service=new";
    std::vector<std::string> statuses;

    asio::awaitable<azure::Compute> create(std::stop_token stop = {}) {
        azure::AmlComputeSpec spec;
        spec.location = "eastus2";
        auto note = [this](const azure::OperationProgress& progress) {
            statuses.push_back(progress.status);
        };
        return azure::computes::create_or_update(client, id, spec, note, stop);
    }

    test::ExpectedCall& expect_put() {
        return server.expect_put(url).with_json(
            nlohmann::json::parse(R"({"location":"eastus2","properties":{
            "computeType":"AmlCompute","disableLocalAuth":true,"properties":{"osType":"Linux","vmSize":"STANDARD_DS3_v2",
            "vmPriority":"Dedicated","scaleSettings":{"minNodeCount":0,"maxNodeCount":4,"nodeIdleTimeBeforeScaleDown":"PT120S"}}}})"));
    }
};

nlohmann::json state(const std::string& value) {
    return {{"properties", {{"provisioningState", value}}}};
}

}  // namespace

TEST_CASE_FIXTURE(AzureFixture, "computes are listed, whatever their type") {
    server.expect_get(arm("/computes")).reply_fixture(200, "azure/computes.json");
    const auto page = run(azure::computes::list(client, workspace, {}));
    REQUIRE(page.items.size() == 3);
    const auto& cluster = page.items[0];
    CHECK(cluster.type == "AmlCompute");
    CHECK(cluster.vm_size == "STANDARD_DS3_V2");
    CHECK(cluster.min_nodes == 0);
    CHECK(cluster.max_nodes == 4);
    CHECK(cluster.current_nodes == 2);
    CHECK(cluster.nodes.running == 1);
    CHECK(cluster.nodes.preparing == 1);
    CHECK(cluster.idle_time == std::chrono::seconds(120));
    CHECK(cluster.allocation_state == "Resizing");
    CHECK(cluster.runs_jobs());
    CHECK(page.items[1].instance_state == "Running");
    CHECK(page.items[1].created_by == "Ada Lovelace");
    CHECK_FALSE(page.items[1].max_nodes);
    CHECK(page.items[2].type == "QuantumGrid");
    CHECK(page.items[2].provisioning_state == "Levitating");
    CHECK_FALSE(page.items[2].runs_jobs());
}

TEST_CASE_FIXTURE(ComputeFixture, "a cluster's scaling errors are kept as sentences") {
    server.expect_get(url).reply_fixture(200, "azure/compute_cluster.json");
    const auto cluster = run(azure::computes::find(client, id, {}));
    REQUIRE(cluster);
    REQUIRE(cluster->errors.size() == 1);
    CHECK(cluster->errors[0].starts_with("Operation results in exceeding quota"));
}

TEST_CASE_FIXTURE(ComputeFixture,
                  "a compute that does not exist is absent; a missing workspace is an error") {
    server.expect_get(url).reply_fixture(404, "azure/error_ml_provider.json");
    CHECK_FALSE(run(azure::computes::find(client, id, {})));
    server.expect_get(url).reply_fixture(
        404, "azure/error_arm_gateway.json", {{"x-ms-failure-cause", "gateway"}});
    CHECK(failure(azure::computes::find(client, id, {})).kind() == ErrorKind::NotFound);
}

TEST_CASE_FIXTURE(ComputeFixture,
                  "creating a cluster follows its operation to the end, more slowly each time") {
    expect_put().reply(201, state("Creating"), {{"Azure-AsyncOperation", operation}});
    server.expect_get(operation).reply(200, {{"status", "InProgress"}});
    server.expect_get(operation).reply(
        200, {{"status", "InProgress"}, {"percentComplete", 50}}, {{"Retry-After", "9"}});
    server.expect_get(operation).reply(200, {{"status", "Succeeded"}});
    server.expect_get(url).reply_fixture(200, "azure/compute_cluster.json");
    const auto cluster = run(create());
    CHECK(cluster.name == "cpu-cluster");
    CHECK(statuses ==
          std::vector<std::string>{"InProgress", "InProgress", "InProgress", "Succeeded"});
    CHECK(clock.sleeps() ==
          std::vector<milliseconds>{milliseconds(2000), milliseconds(3000), milliseconds(9000)});
}

TEST_CASE_FIXTURE(ComputeFixture,
                  "without an operation address the compute's own state is followed") {
    expect_put().reply(200, state("Updating"));
    server.expect_get(url).reply(200, state("Updating"));
    server.expect_get(url).reply(200, state("Succeeded"));
    server.expect_get(url).reply_fixture(200, "azure/compute_cluster.json");
    run(create());
    CHECK(statuses == std::vector<std::string>{"Updating", "Updating", "Succeeded"});
}

TEST_CASE_FIXTURE(ComputeFixture,
                  "a creation that fails tells the operation's reason and the remedy") {
    expect_put().reply(201, state("Creating"), {{"Azure-AsyncOperation", operation}});
    server.expect_get(operation).reply(
        200,
        nlohmann::json::parse(
            R"({"status":"Failed","error":{"code":"ClusterCoreQuotaReached","message":"The cluster needs more cores.","details":[]}})"));
    const auto error = failure(create());
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.details().azure_code == "ClusterCoreQuotaReached");
    CHECK(error.message().starts_with(
        "Cannot create the compute cpu-cluster: The cluster needs more cores; choose fewer nodes"));
}

TEST_CASE_FIXTURE(ComputeFixture,
                  "a failed or cancelled compute is an error even without an operation") {
    expect_put().reply(
        201,
        nlohmann::json::parse(
            R"({"properties":{"provisioningState":"Failed","provisioningErrors":[{"error":{"code":"X","message":"No subnet."}}]}})"));
    CHECK(failure(create()).message() == "Cannot create the compute cpu-cluster: No subnet.");
    expect_put().reply(201, state("Canceled"));
    CHECK(failure(create()).kind() == ErrorKind::Conflict);
    expect_put().reply(
        400, nlohmann::json::parse(R"({"error":{"code":"BadRequest","message":"Invalid name."}})"));
    CHECK(failure(create()).message() == "Cannot create the compute cpu-cluster: Invalid name.");
}

TEST_CASE_FIXTURE(ComputeFixture,
                  "an operation on another host is not followed, one without end times out") {
    expect_put().reply(
        201, state("Creating"), {{"Azure-AsyncOperation", "https://evil.example/o"}});
    CHECK(failure(create()).message().find("another host") != std::string::npos);
    expect_put().reply(201, state("Creating"), {{"Azure-AsyncOperation", operation}});
    server.expect_get(operation).reply(200, {{"status", "InProgress"}}).any_times();
    CHECK(failure(create()).kind() == ErrorKind::TimedOut);
}

TEST_CASE_FIXTURE(ComputeFixture, "deleting follows the Location until it is no longer 202") {
    server
        .expect(http::Method::Delete,
                arm("/computes/cpu-cluster", "&underlyingResourceAction=Delete"))
        .reply_text(202, "", {{"Location", operation}});
    server.expect_get(operation).reply_text(202, "", {{"Location", operation + "&n=2"}});
    server.expect_get(operation + "&n=2").reply_text(204);
    run(azure::computes::remove(client, id, nullptr, {}));
    server
        .expect(http::Method::Delete,
                arm("/computes/cpu-cluster", "&underlyingResourceAction=Delete"))
        .reply_text(204);
    run(azure::computes::remove(client, id, nullptr, {}));
}

TEST_CASE_FIXTURE(ComputeFixture, "nodes are listed under their own name") {
    server.expect_post(arm("/computes/cpu-cluster/listNodes"))
        .reply(
            200,
            {{"nodes",
              {{{"nodeId", "tvm1"}, {"nodeState", "running"}, {"runId", "j1"}, {"port", 50000}}}}});
    const auto page = run(azure::computes::list_nodes(client, id, {}));
    CHECK(page.items.at(0).run_id == "j1");
}

TEST_CASE_FIXTURE(AzureFixture, "VM sizes come with their Linux prices when there are any") {
    const std::string region =
        "/subscriptions/s/providers/Microsoft.MachineLearningServices/locations/eastus2";
    server.expect_get(region + "/vmSizes?api-version=2025-12-01")
        .reply_fixture(200, "azure/vm_sizes.json");
    const auto sizes = run(azure::computes::vm_sizes(client, "s", "eastus2", {}));
    REQUIRE(sizes.size() == 2);
    CHECK(sizes[0].cores == 4);
    CHECK(sizes[0].memory_gb == 14.0);
    CHECK(sizes[0].linux_price(false)->per_hour == doctest::Approx(0.229));
    CHECK(sizes[0].linux_price(true)->per_hour == doctest::Approx(0.046));
    CHECK(sizes[0].linux_price(false)->currency == "USD");
    CHECK(sizes[1].gpus == 1);
    CHECK_FALSE(sizes[1].linux_price(false));
    server.expect_get(region + "/usages?api-version=2025-12-01")
        .reply_fixture(200, "azure/usages.json");
    const auto usages = run(azure::computes::usages(client, "s", "eastus2", {})).items;
    CHECK(usages.at(0).current == 4);
    CHECK(usages.at(1).limit == -1);
}

TEST_CASE("compute names follow Azure's pattern") {
    for (const auto* name : {"cpu", "cpu-cluster", "a2b", "gpu-4-x", "n2-a1"}) {
        CAPTURE(name);
        CHECK(azure::compute_name_problem(name) == "");
    }
    for (const auto* name :
         {"", "ab", "1cpu", "cpu_cluster", "cpu-1", "a-cluster-name-too-long-x", "cpü"}) {
        CAPTURE(name);
        CHECK(azure::compute_name_problem(name) != "");
    }
}

TEST_CASE("a size finds the usage of its family, whichever way Azure writes the two") {
    std::vector<azure::Usage> usages(3);
    usages[0].name = "Total Cluster Dedicated Regional vCPUs";
    usages[1].name = "Standard DSv2 Family Cluster Dedicated vCPUs";
    usages[2].name = "Standard NDAMSv4_A100Family Cluster Dedicated vCPUs";
    azure::VmSize size;
    size.family = "standardDSv2Family";
    CHECK(azure::usage_of(size, usages) == &usages[1]);
    size.family = "standardNDAMSv4_A100Family";
    CHECK(azure::usage_of(size, usages) == &usages[2]);
    size.family = "standardDv2Family";
    CHECK(azure::usage_of(size, usages) == nullptr);
    size.family.clear();
    CHECK(azure::usage_of(size, usages) == nullptr);
}

TEST_CASE_FIXTURE(ComputeFixture, "a cluster is scaled by a change of its scale settings alone") {
    server.expect(http::Method::Patch, url)
        .with_json(nlohmann::json::parse(
            R"({"properties":{"properties":{"scaleSettings":{"minNodeCount":1,"maxNodeCount":3,"nodeIdleTimeBeforeScaleDown":"PT300S"}}}})"))
        .reply(200, state("Updating"), {{"Azure-AsyncOperation", operation}});
    server.expect_get(operation).reply(200, {{"status", "Succeeded"}});
    server.expect_get(url).reply_fixture(200, "azure/compute_cluster.json");
    const azure::ScaleSpec spec{1, 3, std::chrono::seconds(300)};
    CHECK(run(azure::computes::scale(client, id, spec, {}, {})).name == "cpu-cluster");
}

TEST_CASE_FIXTURE(ComputeFixture,
                  "an instance is created with its idle time, started and stopped") {
    const auto running = [](const char* now) {
        return nlohmann::json{
            {"name", "cpu-cluster"},
            {"properties",
             {{"computeType", "ComputeInstance"},
              {"provisioningState", "Succeeded"},
              {"properties", {{"state", now}, {"idleTimeBeforeShutdown", "PT30M"}}}}}};
    };
    server.expect_put(url)
        .with_json(nlohmann::json::parse(R"({"location":"eastus2","properties":{
            "computeType":"ComputeInstance","disableLocalAuth":true,"properties":{"vmSize":"STANDARD_DS3_v2",
            "applicationSharingPolicy":"Personal","sshSettings":{"sshPublicAccess":"Disabled"},
            "idleTimeBeforeShutdown":"PT1800S"}}})"))
        .reply(201, state("Creating"), {{"Azure-AsyncOperation", operation}});
    server.expect_get(operation).reply(200, {{"status", "Succeeded"}});
    server.expect_get(url).reply(200, running("Running"));
    azure::ComputeInstanceSpec spec;
    spec.location = "eastus2";
    spec.idle_time = std::chrono::minutes(30);
    const auto made = run(azure::computes::create_instance(client, id, spec, {}, {}));
    CHECK(made.is_instance());
    CHECK(made.instance_state == "Running");
    CHECK(made.idle_time == std::chrono::minutes(30));
    server.expect_post(arm("/computes/cpu-cluster/stop"))
        .reply(202, {}, {{"Azure-AsyncOperation", operation}});
    server.expect_get(operation).reply(200, {{"status", "Succeeded"}});
    server.expect_get(url).reply(200, running("Stopped"));
    const auto stopped = run(azure::computes::power(client, id, azure::PowerAction::Stop, {}, {}));
    CHECK(stopped.instance_state == "Stopped");
}
