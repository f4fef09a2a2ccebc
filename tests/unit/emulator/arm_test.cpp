#include "arm_fixture.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <fstream>

namespace aml::emulator::arm_test {

using test::ArmWorld;

namespace {

const json cluster{
    {"location", "eastus2"},
    {"properties",
     {{"computeType", "AmlCompute"},
      {"properties", {{"vmSize", "Standard_DS3_v2"}, {"scaleSettings", {{"maxNodeCount", 2}}}}}}}};

json command_job(const ArmWorld& world, const std::string& command = "python train.py") {
    return {
        {"properties",
         {{"jobType", "Command"},
          {"experimentName", "mnist"},
          {"command", command},
          {"environmentId", world.workspace + "/environments/AzureML-sklearn-1.5/versions/24"}}}};
}

std::string code_of(const Reply& reply) {
    return ArmWorld::body_of(reply)["error"]["code"];
}

std::string message_of(const Reply& reply) {
    return ArmWorld::body_of(reply)["error"]["message"];
}

}  // namespace

TEST_CASE_FIXTURE(ArmWorld,
                  "a fresh state holds a workspace with its datastores and curated environments") {
    CHECK(list("/datastores").size() == 4);
    CHECK(list("/datastores?isDefault=true")[0]["name"] == "workspaceblobstore");
    CHECK(list("/environments").size() >= 5);
    CHECK(storage.containers.size() == 2);
    const auto shown = body_of(get(workspace));
    CHECK(shown["id"] == workspace);
    CHECK(shown["properties"]["discoveryUrl"] == "http://127.0.0.1:1/discovery");
    CHECK(body_of(get("/discovery"))["api"] == "http://127.0.0.1:1");
}

TEST_CASE_FIXTURE(ArmWorld, "what is missing is named from the outside in") {
    CHECK(code_of(get("/subscriptions/nope/resourceGroups")) == "SubscriptionNotFound");
    const auto subscription = "/subscriptions/" + context->identity.subscription_id;
    const std::string provider = "/providers/Microsoft.MachineLearningServices/workspaces/";
    CHECK(code_of(get(subscription + "/resourceGroups/nope" + provider + "w")) ==
          "ResourceGroupNotFound");
    CHECK(code_of(get(subscription + "/resourceGroups/demo-rg" + provider + "nope")) ==
          "ResourceNotFound");
    CHECK(code_of(get(workspace + "/computes/nope")) == "ResourceNotFound");
    CHECK(code_of(get(workspace + "/jobs/nope")) == "UserError");
}

TEST_CASE_FIXTURE(ArmWorld, "a compute is created and deleted by operations that take their time") {
    const auto created = put("/computes/cpu-cluster", cluster);
    CHECK(created.status == 201);
    CHECK(body_of(created)["properties"]["provisioningState"] == "Creating");
    const auto operation = created.headers.get("Azure-AsyncOperation");
    CHECK(body_of(get(operation))["status"] == "InProgress");
    CHECK(scheduler.calls.empty());
    pass(std::chrono::seconds(2));
    CHECK(body_of(get(operation))["status"] == "Succeeded");
    const auto shown = body_of(get(workspace + "/computes/CPU-Cluster"))["properties"];
    CHECK(shown["provisioningState"] == "Succeeded");
    CHECK(shown["properties"]["vmSize"] == "STANDARD_DS3_V2");
    CHECK(shown["properties"]["scaleSettings"]["minNodeCount"] == 0);
    CHECK(scheduler.calls == std::vector<std::string>{"changed cpu-cluster"});
    auto resized = cluster;
    resized["properties"]["properties"]["vmSize"] = "Standard_DS2_v2";
    CHECK(put("/computes/cpu-cluster", resized).status == 400);
    CHECK(call("DELETE", workspace + "/computes/cpu-cluster").status == 400);
    CHECK(call("DELETE", workspace + "/computes/cpu-cluster?underlyingResourceAction=Delete")
              .status == 202);
    CHECK(put("/computes/cpu-cluster", cluster).status == 409);
    pass(std::chrono::seconds(2));
    CHECK(get(workspace + "/computes/cpu-cluster").status == 404);
    CHECK(scheduler.calls.back() == "gone cpu-cluster");
}

TEST_CASE_FIXTURE(ArmWorld, "operations that a kill interrupted end after the next start") {
    put("/computes/cpu-cluster", cluster);
    clock.advance(std::chrono::hours(1));
    // The next process: same state, its own tasks.
    Router second_router;
    async::TaskGroup second_tasks(loop.get_executor(), nullptr);
    Context second{settings,
                   {},
                   {},
                   clock,
                   *random,
                   pool,
                   second_tasks,
                   store,
                   resources,
                   runs,
                   tenants,
                   tokens,
                   context->identity,
                   context->base_url,
                   {}};
    tasks.request_stop();
    run_ready();
    Arm again(second, second_router, scheduler, storage);
    again.add_routes();
    again.start();
    run_ready();
    CHECK(body_of(get(workspace + "/computes/cpu-cluster"))["properties"]["provisioningState"] ==
          "Succeeded");
    second_tasks.request_stop();
    run_ready();
}

TEST_CASE_FIXTURE(ArmWorld, "the same PUT of a job twice makes one run") {
    const auto first = put("/jobs/j1", command_job(*this));
    CHECK(first.status == 201);
    CHECK(first.headers.get("Location").find("/jobs/j1?api-version=") != std::string::npos);
    const auto again = put("/jobs/J1", command_job(*this));
    CHECK(again.status == 400);
    CHECK(message_of(again).find("A job with this name already exists.") == 0);
    CHECK(std::get<std::string>(again.body).find("\"JobPropertyImmutable\"") != std::string::npos);
    CHECK(scheduler.calls == std::vector<std::string>{"created j1"});
    CHECK(list("/jobs").size() == 1);
    auto renamed = command_job(*this);
    renamed["properties"]["displayName"] = "better";
    renamed["properties"]["tags"] = {{"a", "b"}};
    CHECK(body_of(put("/jobs/j1", renamed))["properties"]["displayName"] == "better");
    const auto changed = put("/jobs/j1", command_job(*this, "python other.py"));
    CHECK(changed.status == 400);
    CHECK(message_of(changed).find("'command' of job j1 cannot be changed") != std::string::npos);
}

TEST_CASE_FIXTURE(ArmWorld, "what only previews know is refused under a stable version") {
    auto job = command_job(*this);
    job["properties"]["queueSettings"] = {{"jobTier", "Standard"}, {"priority", 3}};
    job["properties"]["distribution"] = {{"distributionType", "Ray"}};
    job["properties"]["outputs"] = {
        {"model", {{"jobOutputType", "uri_folder"}, {"assetName", "m"}, {"assetVersion", "1"}}}};
    const auto refused = put("/jobs/new", job);
    CHECK(refused.status == 400);
    CHECK(body_of(refused)["error"]["details"].size() == 3);
    CHECK(call("PUT", workspace + "/jobs/new?api-version=2025-01-01-preview", job).status == 201);
}

TEST_CASE_FIXTURE(ArmWorld, "a job with several mistakes is told all of them") {
    auto job = command_job(*this, "run ${{inputs.missing}}");
    job["properties"]["experimentName"] = "no spaces please";
    job["properties"]["resources"] = {{"instanceCount", 0}};
    const auto reply = put("/jobs/j1", job);
    CHECK(reply.status == 400);
    CHECK(body_of(reply)["error"]["details"].size() == 3);
    CHECK(scheduler.calls.empty());
    CHECK(message_of(put("/jobs/j1", {{"properties", {{"jobType", "AutoML"}}}}))
              .find("'AutoML' is not supported") != std::string::npos);
    CHECK(put("/jobs/bad name", command_job(*this)).status == 400);
    job = command_job(*this);
    job["properties"]["environmentId"] = "azureml:nope:1";
    CHECK(put("/jobs/j1", job).status == 404);
    job = command_job(*this);
    job["properties"]["computeId"] = workspace + "/computes/nope";
    CHECK(message_of(put("/jobs/j1", job)) ==
          "Compute target 'nope' was not found in the workspace.");
}

TEST_CASE_FIXTURE(ArmWorld, "a pipeline is taken when its steps fit together") {
    const auto component = [&](const char* source) {
        const json spec{{"command", "echo"}, {"environment", "e"}, {"_source", source}};
        return put("/components/azureml_anonymous/versions/a",
                   {{"properties", {{"isAnonymous", true}, {"componentSpec", spec}}}});
    };
    CHECK(component("YAML.JOB").status == 201);
    // The same component from elsewhere is the one that is there.
    const auto again = component("YAML.COMPONENT");
    CHECK(again.status == 200);
    CHECK(body_of(again)["properties"]["componentSpec"]["_source"] == "YAML.JOB");
    const auto id = workspace + "/components/azureml_anonymous/versions/a";
    const auto step = [&](const char* value) {
        json made{{"type", "command"}, {"componentId", id}};
        made["inputs"]["x"] = {{"value", value}, {"job_input_type", "literal"}};
        return made;
    };
    const auto answer = [&](const json& steps) {
        json job;
        job["properties"]["jobType"] = "Pipeline";
        job["properties"]["inputs"]["n"] = {{"jobInputType", "literal"}, {"value", "1"}};
        job["properties"]["jobs"] = steps;
        return put("/jobs/pipe", job);
    };
    json steps;
    steps["a"] = step("${{parent.jobs.b.outputs.o}}");
    steps["b"] = step("${{parent.jobs.a.outputs.o}}");
    CHECK(message_of(answer(steps)) == "The pipeline has a cycle: step 'a' can never begin.");
    steps["a"] = step("${{parent.inputs.m}}");
    CHECK(message_of(answer(steps)) == "The binding of 'x' names nothing that the pipeline has.");
    steps["a"] = step("${{parent.inputs.n}}");
    steps["a"]["type"] = "sweep";
    CHECK(message_of(answer(steps)).find("'sweep' is not supported") != std::string::npos);
    steps["a"]["type"] = "command";
    steps["a"]["computeId"] = workspace + "/computes/nope";
    CHECK(message_of(answer(steps)) == "Compute target 'nope' was not found in the workspace.");
    steps["a"].erase("computeId");
    CHECK(message_of(answer(json::object())).find("'jobs' is required") != std::string::npos);
    const auto taken = answer(steps);
    CHECK(taken.status == 201);
    CHECK(body_of(taken)["properties"]["jobs"]["b"]["componentId"] == id);
    CHECK(scheduler.calls == std::vector<std::string>{"created pipe"});
    steps["a"]["componentId"] = id + "b";
    CHECK(answer(steps).status == 404);
}

TEST_CASE_FIXTURE(ArmWorld, "the short form of an environment is expanded") {
    const auto sent_with = [&](const char* name, const char* environment) {
        auto job = command_job(*this);
        job["properties"]["environmentId"] = environment;
        return put(std::string("/jobs/") + name, job);
    };
    const auto expanded = workspace + "/environments/AzureML-sklearn-1.5/versions/24";
    const auto versioned = sent_with("versioned", "azureml:AzureML-sklearn-1.5:24");
    CHECK(body_of(versioned)["properties"]["environmentId"] == expanded);
    const auto latest = sent_with("latest", "azureml:AzureML-sklearn-1.5@latest");
    CHECK(body_of(latest)["properties"]["environmentId"] == expanded);
    CHECK(sent_with("gone", "azureml:AzureML-sklearn-0.24@latest").status == 404);
    CHECK(sent_with("label", "azureml:AzureML-sklearn-1.5@old").status == 404);
}

TEST_CASE_FIXTURE(ArmWorld, "a job that acts as the user needs a token for Azure ML") {
    auto job = command_job(*this);
    job["properties"]["identity"] = {{"identityType", "UserIdentity"}};
    const auto sent_with = [&](std::string_view audience) {
        const Caller caller{context->identity.tenant_id, "o", "Demo User", "User"};
        headers.set("x-azureml-token",
                    tokens.issue(caller, audience, "app", clock.now(), std::chrono::hours(1)));
        return put("/jobs/own", job).status;
    };
    CHECK(put("/jobs/own", job).status == 400);
    CHECK(sent_with("https://management.azure.com") == 400);
    CHECK(sent_with("https://ml.azure.com") == 201);
}

TEST_CASE_FIXTURE(ArmWorld, "cancel answers null with a location that ends when the job does") {
    put("/jobs/j1", command_job(*this));
    const auto reply = call("POST", workspace + "/jobs/j1/cancel");
    CHECK(reply.status == 202);
    CHECK(std::get<std::string>(reply.body) == "null");
    CHECK(scheduler.calls.back() == "cancel j1");
    const auto location_url = reply.headers.get("Location");
    CHECK(get(location_url).status == 202);
    CHECK(call("DELETE", workspace + "/jobs/j1").status == 400);
    const auto workspace_id =
        body_of(get(workspace))["properties"]["workspaceId"].get<std::string>();
    auto run = *runs.find(workspace_id, "j1");
    run.status = run_status::canceled;
    runs.update(run, clock.now());
    CHECK(get(location_url).status == 200);
    CHECK(call("POST", workspace + "/jobs/j1/cancel").status == 400);
    CHECK(call("DELETE", workspace + "/jobs/j1").status == 202);
    CHECK(call("DELETE", workspace + "/jobs/j1").status == 204);
}

TEST_CASE("lists are paged with an opaque token and filters hold across pages") {
    ArmWorld world(2);
    for (int i = 0; i < 7; ++i) {
        auto job = command_job(world);
        job["properties"]["tags"] = {{"even", i % 2 == 0 ? "yes" : "no"}};
        world.put("/jobs/j" + std::to_string(i), job);
    }
    std::vector<std::string> names;
    std::string url = world.workspace + "/jobs?tag=even%3Dyes";
    for (int pages = 0; !url.empty() && pages < 10; ++pages) {
        const auto page = ArmWorld::body_of(world.get(url));
        CHECK(page["value"].size() <= 2);
        for (const auto& job : page["value"]) names.push_back(job["name"]);
        url = page["nextLink"].is_null() ? "" : page["nextLink"].get<std::string>();
    }
    CHECK(names == std::vector<std::string>{"j6", "j4", "j2", "j0"});
    CHECK(code_of(world.get(world.workspace + "/jobs?$skip=2")) == "InvalidSkipToken");
}

TEST_CASE_FIXTURE(ArmWorld, "a code is found by its hash under any name and keeps its place") {
    const json code{{"properties",
                     {{"codeUri", "http://h/a/c/src"},
                      {"isAnonymous", true},
                      {"properties", {{"hash_sha256", "AB12"}, {"hash_version", "202208"}}}}}};
    CHECK(put("/codes/one/versions/1", code).status == 201);
    CHECK(put("/codes/one/versions/1", code).status == 200);
    const auto hits = list("/codes/other/versions?hash=ab12&hashVersion=202208");
    REQUIRE(hits.size() == 1);
    CHECK(hits[0]["id"] == workspace + "/codes/one/versions/1");
    CHECK(list("/codes/other/versions?hash=ffff&hashVersion=202208").empty());
    auto moved = code;
    moved["properties"]["codeUri"] = "http://h/a/c/elsewhere";
    const auto refused = put("/codes/one/versions/1", moved);
    CHECK(refused.status == 400);
    CHECK(message_of(refused) == "Asset paths cannot be updated.");
    const auto upload = body_of(call("POST",
                                     workspace + "/codes/one/versions/1/startPendingUpload",
                                     {{"pendingUploadType", "TemporaryBlobReference"}}));
    const auto& place = upload["blobReferenceForConsumption"];
    CHECK(place["credential"]["sasUri"].get<std::string>().find(
              place["blobUri"].get<std::string>() + "?sp=rcwl&sig=") == 0);
}

TEST_CASE_FIXTURE(ArmWorld,
                  "environments count versions, echo conda files as JSON and keep what they are") {
    const json first{
        {"properties", {{"image", "ubuntu"}, {"condaFile", "dependencies:\n  - python=3.11\n"}}}};
    CHECK(put("/environments/mine/versions/1", first).status == 201);
    CHECK(put("/environments/mine/versions/1", first).status == 201);
    CHECK(json::parse(
              body_of(get(workspace + "/environments/mine/versions/1"))["properties"]["condaFile"]
                  .get<std::string>())["dependencies"][0] == "python=3.11");
    CHECK(put("/environments/mine/versions/2", {{"properties", {{"image", "debian"}}}}).status ==
          201);
    const auto container = body_of(get(workspace + "/environments/mine"))["properties"];
    CHECK(container["latestVersion"] == "2");
    CHECK(container["nextVersion"] == "3");
    CHECK(list("/environments/mine/versions?$top=1&$orderBy=createdtime desc")[0]["name"] == "2");
    // Clients take the next version when they are told of a conflict.
    CHECK(put("/environments/mine/versions/1", {{"properties", {{"image", "debian"}}}}).status ==
          409);
    CHECK(put("/environments/AzureML-mine/versions/1", first).status == 400);
    CHECK(put("/environments/AzureML-sklearn-1.5/versions/24", first).status == 400);
    CHECK(put("/environments/both/versions/1",
              {{"properties", {{"image", "a"}, {"build", {{"contextUri", "b"}}}}}})
              .status == 400);
    const auto built_from = [&](const char* name, const char* uri) {
        return put(std::string("/environments/") + name + "/versions/1",
                   {{"properties", {{"build", {{"contextUri", uri}}}}}});
    };
    const auto refused =
        built_from("store", "azureml://datastores/workspaceblobstore/paths/LocalUpload/1/docker/");
    CHECK(refused.status == 400);
    CHECK(message_of(refused).find("neither a blob's address nor") != std::string::npos);
    CHECK(built_from("blob", "https://a.blob.core.windows.net/c/LocalUpload/1/docker/").status ==
          201);
    CHECK(built_from("git", "https://github.com/me/image.git#main:docker").status == 201);
    const auto before = list("/environments").size();
    CHECK(put("/environments/hidden/versions/1",
              {{"properties", {{"image", "a"}, {"isAnonymous", true}}}})
              .status == 201);
    CHECK(list("/environments").size() == before);
}

TEST_CASE_FIXTURE(ArmWorld, "a datastore never shows its secret but lists it on demand") {
    const json store_body{
        {"properties",
         {{"datastoreType", "AzureBlob"},
          {"accountName", "a"},
          {"containerName", "c"},
          {"credentials",
           {{"credentialsType", "Sas"},
            {"secrets", {{"secretsType", "Sas"}, {"sasToken", "hidden-value"}}}}}}}};
    const auto created = put("/datastores/extra", store_body);
    CHECK(created.status == 201);
    CHECK(std::get<std::string>(created.body).find("hidden-value") == std::string::npos);
    CHECK(std::get<std::string>(get(workspace + "/datastores").body).find("hidden-value") ==
          std::string::npos);
    CHECK(body_of(call("POST", workspace + "/datastores/extra/listSecrets"))["sasToken"] ==
          "hidden-value");
    CHECK(body_of(call("POST",
                       workspace + "/datastores/workspaceblobstore/listSecrets"))["secretsType"] ==
          "AccountKey");
    const auto sas = body_of(call("POST",
                                  workspace + "/datastores/workspaceblobstore/listSecrets",
                                  {{"expirableSecret", true}}));
    CHECK(sas["secretsType"] == "Sas");
    const auto artifacts =
        body_of(call("POST",
                     workspace + "/datastores/workspaceartifactstore/listSecrets",
                     {{"expirableSecret", true}}));
    CHECK(artifacts["secretsType"] == "AccountKey");
}

TEST_CASE_FIXTURE(ArmWorld, "numbers and truth values in a map of texts become texts") {
    const json code{{"properties",
                     {{"codeUri", "http://h/a/c/x"},
                      {"properties", {{"hash_sha256", "abcd"}, {"hash_version", 202208}}}}}};
    CHECK(put("/codes/numbered/versions/1", code).status == 201);
    CHECK(body_of(get(workspace +
                      "/codes/numbered/versions/1"))["properties"]["properties"]["hash_version"] ==
          "202208");
    CHECK(list("/codes/other/versions?hash=abcd&hashVersion=202208").size() == 1);
    auto job = command_job(*this);
    job["properties"]["tags"] = {{"final", true}};
    const auto made = put("/jobs/tagged", job);
    CHECK(made.status == 201);
    CHECK(body_of(made)["properties"]["tags"]["final"] == "true");
    auto wrong = code;
    wrong["properties"]["tags"] = {{"list", json::array()}};
    CHECK(put("/codes/numbered/versions/2", wrong).status == 400);
}

TEST_CASE_FIXTURE(ArmWorld, "a model has flavors, none unless told") {
    const json model{{"properties", {{"modelUri", "azureml://datastores/d/paths/m"}}}};
    const auto made = body_of(put("/models/m/versions/1", model))["properties"];
    CHECK(made["flavors"] == json::object());
    CHECK(made["jobName"].is_null());
}

TEST_CASE_FIXTURE(ArmWorld, "a model made of what a job left is kept under its place in storage") {
    REQUIRE(put("/jobs/trained", command_job(*this)).status == 201);
    const auto model = [](const std::string& job) {
        const auto uri =
            fmt::format("azureml://jobs/{}/outputs/artifacts/paths/outputs/m.pkl", job);
        return json{{"properties", {{"modelUri", uri}, {"jobName", job}}}};
    };
    const auto made = body_of(put("/models/m/versions/1", model("trained")))["properties"];
    const auto uri = made["modelUri"].get<std::string>();
    CHECK(
        uri.ends_with("/datastores/workspaceartifactstore/paths/ExperimentRun/dcid.trained/outputs/"
                      "m.pkl"));
    CHECK(put("/models/m/versions/1", model("trained")).status == 200);
    CHECK(put("/models/m/versions/2", model("none")).status == 400);
}

TEST_CASE_FIXTURE(ArmWorld, "storage accounts are hosts below a suffix like that of every cloud") {
    const auto cloud = body_of(get("/metadata/endpoints"));
    CHECK(cloud["suffixes"]["storage"] == "core.localhost:1");
    const auto datastore = body_of(get(workspace + "/datastores/workspaceblobstore"));
    CHECK(datastore["properties"]["endpoint"] == "core.localhost:1");
}

TEST_CASE_FIXTURE(ArmWorld, "a state that comes back on another port, or with TLS, works whole") {
    const json code{{"properties", {{"codeUri", "http://127.0.0.1:1/account/container/code"}}}};
    put("/codes/moved/versions/1", code);
    for (const std::string base : {"https://127.0.0.1:11", "http://127.0.0.1:2"}) {
        context->resources.use_address(base);
        const auto port = base.substr(base.rfind(':'));
        const auto datastore =
            body_of(get(workspace + "/datastores/workspaceblobstore"))["properties"];
        CHECK(datastore["endpoint"] == "core.localhost" + port);
        CHECK(datastore["protocol"] == base.substr(0, base.find(':')));
        const auto moved = body_of(get(workspace + "/codes/moved/versions/1"))["properties"];
        CHECK(moved["codeUri"] == base + "/account/container/code");
    }
}

TEST_CASE_FIXTURE(ArmWorld, "a workspace is created and removed with everything in it") {
    const auto other = workspace + "-2";
    const json body{{"location", "East US 2"},
                    {"properties",
                     {{"storageAccount", "/subscriptions/a"},
                      {"keyVault", "/subscriptions/b"},
                      {"applicationInsights", "/subscriptions/c"}}}};
    CHECK(call("PUT", other, {{"location", "eastus2"}}).status == 400);
    const auto created = call("PUT", other, body);
    CHECK(created.status == 201);
    pass(std::chrono::seconds(2));
    CHECK(body_of(get(other))["properties"]["provisioningState"] == "Succeeded");
    call("PUT", other + "/jobs/j1", command_job(*this));
    const auto removed = call("DELETE", other);
    CHECK(removed.status == 202);
    CHECK(get(removed.headers.get("Location")).status == 202);
    pass(std::chrono::seconds(2));
    CHECK(get(removed.headers.get("Location")).status == 204);
    CHECK(get(other).status == 404);
    CHECK(storage.removed.size() == 1);
    CHECK(call("DELETE", other).status == 204);
}

TEST_CASE("a seed file adds workspaces and runs once, and its mistakes are named") {
    const auto file = std::filesystem::temp_directory_path() / "aml-seed-test.json";
    ArmWorld world;
    world.settings.seed = file;
    std::ofstream(file)
        << R"({"workspaces":[{"name":"team-{n}","count":3},{"computes":[{"name":"gpu"}],"experiments":[{"name":"e","runs":30}]}]})";
    world.arm->start();
    world.arm->start();
    CHECK(ArmWorld::body_of(
              world.get("/subscriptions/" + world.context->identity.subscription_id +
                        "/providers/Microsoft.MachineLearningServices/workspaces"))["value"]
              .size() == 4);
    CHECK(world.list("/computes").size() == 1);
    CHECK(world.list("/jobs?$top=100").size() == 30);
    const auto complaint = [&](const char* text) {
        std::ofstream(file) << text;
        return aml::test::error_of([&] { world.arm->start(); }).message();
    };
    CHECK(complaint("{").find("it is not JSON") != std::string::npos);
    CHECK(complaint(R"({"workspaces":[{},{"experiments":[{"run":1}]}]})")
              .find("/workspaces/1/experiments/0: unknown key \"run\"") != std::string::npos);
    CHECK(complaint(R"({"workspaces":[{"location":"mars"}]})").find("not a known region") !=
          std::string::npos);
    std::filesystem::remove(file);
}

}  // namespace aml::emulator::arm_test
