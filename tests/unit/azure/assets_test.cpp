#include "azure/assets.hpp"

#include "unit/azure/fixture.hpp"

#include <doctest/doctest.h>

using namespace aml;
using test::AzureFixture;

namespace {

constexpr auto newest = "&$orderBy=createdtime%20desc&$top=50&listViewType=ActiveOnly";

nlohmann::json list_of(const nlohmann::json& item) {
    return {{"value", nlohmann::json::array({item})}};
}

}  // namespace

TEST_CASE_FIXTURE(AzureFixture, "environments are listed, and their versions newest first") {
    server.expect_get(arm("/environments", "&listViewType=ActiveOnly"))
        .reply_fixture(200, "azure/environments.json");
    const auto containers = run(azure::environments::list(client, workspace, {})).items;
    CHECK(containers.at(0).name == "sklearn");
    CHECK(containers.at(0).latest_version == "3");
    CHECK(containers.at(0).next_version == "4");
    const auto version = nlohmann::json::parse(test::fixture("azure/environment_version.json"));
    server.expect_get(arm("/environments/sklearn/versions", newest)).reply(200, list_of(version));
    const auto versions =
        run(azure::environments::list_versions(client, workspace, "sklearn", {})).items;
    CHECK(versions.at(0).version == "3");
    CHECK(versions.at(0).type == "UserCreated");
    CHECK(versions.at(0).image.starts_with("mcr.microsoft.com/"));
}

TEST_CASE_FIXTURE(AzureFixture,
                  "an environment's conda file comes back as JSON text, whatever was sent") {
    server.expect_get(arm("/environments/sklearn/versions/3"))
        .reply_fixture(200, "azure/environment_version.json");
    const auto found = run(azure::environments::find(client, workspace, "sklearn", "3", {}));
    REQUIRE(found);
    CHECK(nlohmann::json::parse(found->conda_file)["channels"][0] == "conda-forge");
    CHECK(found->created_at == "2026-01-01T08:00:00.1234567Z");
    server.expect_get(arm("/environments/none/versions/1"))
        .reply_fixture(404, "azure/error_ml_provider.json");
    CHECK_FALSE(run(azure::environments::find(client, workspace, "none", "1", {})));
    server.expect_get(arm("/environments/none")).reply_fixture(404, "azure/error_ml_provider.json");
    CHECK_FALSE(run(azure::environments::find_container(client, workspace, "none", {})));
    server.expect_get(arm("/environments/some")).reply(200, {{"name", "some"}});
    CHECK(run(azure::environments::find_container(client, workspace, "some", {}))->name == "some");
}

TEST_CASE_FIXTURE(AzureFixture, "an environment is registered with what it has and nothing else") {
    server.expect_put(arm("/environments/a/versions/1"))
        .with_json(nlohmann::json::parse(
            R"({"properties":{"image":"i","osType":"Linux","isAnonymous":true,"condaFile":"name: x"}})"))
        .reply_fixture(201, "azure/environment_version.json");
    azure::EnvironmentSpec spec;
    spec.image = "i";
    spec.conda_file = "name: x";
    spec.anonymous = true;
    CHECK(
        run(azure::environments::create_or_update(client, workspace, "a", "1", spec, {})).version ==
        "3");
    server.expect_put(arm("/environments/a/versions/2"))
        .with_json(nlohmann::json::parse(
            R"({"properties":{"image":"i","osType":"Linux","isAnonymous":false,"description":"d","tags":{"k":"v"}}})"))
        .reply(400,
               nlohmann::json::parse(
                   R"({"error":{"code":"UserError","message":"Python 3.6 is end of life."}})"));
    spec = {};
    spec.image = "i";
    spec.description = "d";
    spec.tags["k"] = "v";
    const auto error =
        failure(azure::environments::create_or_update(client, workspace, "a", "2", spec, {}));
    CHECK(error.message() == "Cannot register the environment: Python 3.6 is end of life.");
}

TEST_CASE_FIXTURE(AzureFixture,
                  "components are registered without a name, and found by their latest") {
    server.expect_put(arm("/components/azureml_anonymous/versions/abc"))
        .with_json(nlohmann::json::parse(
            R"({"properties":{"isAnonymous":true,"isArchived":false,"description":"d",
                "componentSpec":{"name":"azureml_anonymous","version":"1","description":"d","command":"echo"}}})"))
        .reply(201,
               nlohmann::json::parse(R"({"id":"/w/components/azureml_anonymous/versions/abc"})"));
    const nlohmann::json spec{{"command", "echo"}, {"description", "d"}};
    CHECK(run(azure::components::create_anonymous(client, workspace, "abc", spec, {})) ==
          "/w/components/azureml_anonymous/versions/abc");
    for (const auto* answer :
         {R"({"value":[{"id":"/w/components/m/versions/7"}]})", R"({"value":[]})"}) {
        server
            .expect_get(arm("/components/m/versions") +
                        "&$orderBy=createdtime%20desc&$top=1&listViewType=ActiveOnly")
            .reply(200, nlohmann::json::parse(answer));
    }
    CHECK(run(azure::components::find_latest(client, workspace, "m", {})) ==
          "/w/components/m/versions/7");
    CHECK_FALSE(run(azure::components::find_latest(client, workspace, "m", {})));
}

TEST_CASE_FIXTURE(AzureFixture, "curated environments are found through the registry's discovery") {
    const auto discovery = [&](const std::string& host) -> test::ExpectedCall& {
        return server.expect_get(host + "/registrymanagement/v1.0/registries/azureml/discovery");
    };
    discovery("https://eastus.api.azureml.ms").reply_fixture(200, "azure/registry_discovery.json");
    run(azure::registries::discover(client, plane, "azureml", {}));
    // From inside a locked network only the workspace's own host may be reached.
    discovery("https://eastus.api.azureml.ms").reply(403, nlohmann::json::object());
    discovery("https://eastus2.api.azureml.ms").reply_fixture(200, "azure/registry_discovery.json");
    const auto registry = run(azure::registries::discover(client, plane, "azureml", {}));
    const std::string base =
        "https://cert-eastus.experiments.azureml.net/mferp/managementfrontend/subscriptions/regsub/"
        "resourceGroups/regrg/"
        "providers/Microsoft.MachineLearningServices/registries/azureml/environments";
    const std::string version = "?api-version=2021-10-01-dataplanepreview";
    server.expect_get(base + version + "&listViewType=ActiveOnly")
        .with_header("Authorization", "Bearer token")
        .reply(200,
               list_of({{"id", "azureml://registries/azureml/environments/sklearn-1.5"},
                        {"name", "sklearn-1.5"}}));
    CHECK(run(azure::registries::environments(client, registry, {})).items.at(0).name ==
          "sklearn-1.5");
    server.expect_get(base + "/sklearn-1.5/versions" + version + newest)
        .reply(200,
               list_of({{"id", "azureml://registries/azureml/environments/sklearn-1.5/versions/7"},
                        {"name", "7"}}));
    const auto versions =
        run(azure::registries::environment_versions(client, registry, "sklearn-1.5", {})).items;
    CHECK(versions.at(0).id == "azureml://registries/azureml/environments/sklearn-1.5/versions/7");
}

TEST_CASE_FIXTURE(AzureFixture, "datastores are listed with where they keep their files") {
    server.expect_get(arm("/datastores")).reply_fixture(200, "azure/datastores.json");
    const auto found = run(azure::datastores::list(client, workspace, {})).items;
    REQUIRE(found.size() == 2);
    CHECK(found[0].is_default);
    CHECK(found[0].credentials_type == "AccountKey");
    CHECK(found[0].container == "azureml-blobstore-11111111-2222-3333-4444-555555555555");
    CHECK(found[1].container == "azureml-filestore");
}

TEST_CASE_FIXTURE(AzureFixture, "a datastore is used by a short-lived signature, else as oneself") {
    azure::Datastore store;
    store.id = workspace.child("datastores", "store");
    store.name = "store";
    store.credentials_type = "AccountKey";
    const auto container = [&] { return run(azure::datastores::container(client, store, {})); };
    CHECK(failure(azure::datastores::container(client, store, {}))
              .message()
              .starts_with("Cannot upload to the datastore store: it keeps no blobs"));

    store.blob_address = "https://sa1.blob.core.windows.net/c";
    const auto secrets = arm("/datastores/store/listSecrets");
    server.expect_post(secrets)
        .with_json({{"expirableSecret", true}, {"expireAfterHours", 1}})
        .reply(200, {{"secretsType", "Sas"}, {"sasToken", "?sv=1&sig=s"}});
    const auto signed_address = container();
    CHECK(signed_address.url.reveal() == store.blob_address + "?sv=1&sig=s");
    CHECK(signed_address.subscription == test::subscription);

    const auto is_own = [&](const azure::BlobAddress& address) {
        return address.url.reveal() == store.blob_address &&
               address.subscription == test::subscription;
    };
    server.expect_post(secrets).reply(200, {{"secretsType", "AccountKey"}, {"key", "k"}});
    CHECK(is_own(container()));
    server.expect_post(secrets).reply(
        403, {{"error", {{"code", "AuthorizationFailed"}, {"message", "No."}}}});
    CHECK(is_own(container()));
    server.expect_post(secrets).reply_text(503);
    server.expect_post(secrets).reply_text(503);
    server.expect_post(secrets).reply_text(503);
    server.expect_post(secrets).reply_text(503);
    CHECK(failure(azure::datastores::container(client, store, {})).kind() ==
          ErrorKind::Unavailable);
    // These have no secret that could be asked for.
    for (const auto* identities : {"None", "ServicePrincipal"}) {
        store.credentials_type = identities;
        CHECK(is_own(container()));
    }
}

TEST_CASE_FIXTURE(AzureFixture, "data assets and models are listed with their versions") {
    const nlohmann::json container = {
        {"name", "d"}, {"properties", {{"dataType", "uri_folder"}, {"latestVersion", nullptr}}}};
    server.expect_get(arm("/data", "&listViewType=ActiveOnly")).reply(200, list_of(container));
    CHECK(run(azure::data::list(client, workspace, {})).items.at(0).data_type == "uri_folder");
    const nlohmann::json data = {
        {"name", "1"}, {"properties", {{"dataType", "mltable"}, {"dataUri", "azureml://x"}}}};
    server.expect_get(arm("/data/my%20data/versions", newest)).reply(200, list_of(data));
    const auto version =
        run(azure::data::list_versions(client, workspace, "my data", {})).items.at(0);
    CHECK(version.type == "mltable");
    CHECK(version.uri == "azureml://x");
    server.expect_get(arm("/models", "&listViewType=ActiveOnly")).reply(200, list_of(container));
    CHECK(run(azure::models::list(client, workspace, {})).items.at(0).name == "d");
    const nlohmann::json model = {
        {"name", "2"},
        {"properties",
         {{"modelType", "mlflow_model"}, {"modelUri", "azureml://m"}, {"jobName", "j"}}}};
    server.expect_get(arm("/models/m/versions", newest)).reply(200, list_of(model));
    const auto found = run(azure::models::list_versions(client, workspace, "m", {})).items.at(0);
    CHECK(found.type == "mlflow_model");
    CHECK(found.job_name == "j");
}

TEST_CASE_FIXTURE(AzureFixture, "a model is registered with where its files are") {
    server.expect_put(arm("/models/m/versions/3"))
        .with_json(nlohmann::json::parse(
            R"({"properties":{"modelUri":"azureml://jobs/j/outputs/artifacts/paths/m",
                "modelType":"mlflow_model","jobName":"j"}})"))
        .reply(201, {{"name", "3"}, {"properties", {{"modelUri", "azureml://kept"}}}});
    const azure::ModelSpec spec{.uri = "azureml://jobs/j/outputs/artifacts/paths/m",
                                .type = "mlflow_model",
                                .job_name = "j"};
    const auto made = run(azure::models::create_or_update(client, workspace, "m", "3", spec, {}));
    CHECK(made.version == "3");
    CHECK(made.uri == "azureml://kept");
}

TEST_CASE_FIXTURE(AzureFixture, "online and batch endpoints are listed") {
    server.expect_get(arm("/onlineEndpoints")).reply_fixture(200, "azure/endpoints.json");
    const auto online = run(azure::endpoints::list_online(client, workspace, {})).items.at(0);
    CHECK(online.scoring_uri == "https://ep1.eastus2.inference.ml.azure.com/score");
    const std::map<std::string, int> traffic{{"blue", 90}, {"green", 10}};
    CHECK(online.traffic == traffic);
    const nlohmann::json batch = {
        {"name", "b"},
        {"properties", {{"defaults", {{"deploymentName", "d1"}}}, {"traffic", nullptr}}}};
    server.expect_get(arm("/batchEndpoints")).reply(200, list_of(batch));
    CHECK(run(azure::endpoints::list_batch(client, workspace, {})).items.at(0).default_deployment ==
          "d1");
}
