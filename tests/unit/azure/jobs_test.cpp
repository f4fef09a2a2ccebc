#include "azure/jobs.hpp"

#include "azure/codes.hpp"
#include "unit/azure/fixture.hpp"

#include <doctest/doctest.h>

using namespace aml;
using test::AzureFixture;

namespace {

constexpr auto hash = "087f3c5f5b528624107409710628ad87242f01a9a5f1328705a78d7aa8e86918";

}  // namespace

TEST_CASE_FIXTURE(AzureFixture, "a job is created by its name and read back") {
    server.expect_put(arm("/jobs/brave_fig_0"))
        .with_json({{"properties", {{"jobType", "Command"}, {"command", "python train.py"}}}})
        .reply_fixture(201, "azure/job.json");
    nlohmann::json properties = {{"jobType", "Command"}, {"command", "python train.py"}};
    const auto created =
        run(azure::jobs::create_or_update(client, workspace, "brave_fig_0", properties, {}));
    CHECK(created.created);
    CHECK(created.job.status == "Starting");
    CHECK(created.job.experiment_name == "my-experiment");
    CHECK(created.job.created_by == "Ada Lovelace");
    CHECK(created.job.created_at);
    CHECK(created.job.id == workspace.child("jobs", "brave_fig_0"));
    CHECK(azure::studio_url_for(created.job.studio_url, "t1").ends_with("/workspaces/w1&tid=t1"));
    CHECK(azure::studio_url_for("https://x/?wsid=a&tid=b", "t1") == "https://x/?wsid=a&tid=b");
    CHECK(azure::studio_url_for("", "t1") == "");
}

TEST_CASE_FIXTURE(AzureFixture, "a job that acts as the user is sent with a token for that") {
    nlohmann::json properties = {{"identity", {{"identityType", "UserIdentity"}}}};
    server.expect_put(arm("/jobs/j"))
        .with_header("x-azureml-token", "token")
        .reply_fixture(201, "azure/job.json");
    run(azure::jobs::create_or_update(client, workspace, "j", properties, {}));
    CHECK(credential.scopes == std::vector<std::string>{"https://management.azure.com/.default",
                                                        "https://ml.azure.com/.default"});
    properties["identity"]["identityType"] = "AMLToken";
    server.expect_put(arm("/jobs/j")).reply_fixture(200, "azure/job.json");
    run(azure::jobs::create_or_update(client, workspace, "j", properties, {}));
    CHECK_FALSE(server.requests().back().headers.contains("x-azureml-token"));
}

TEST_CASE_FIXTURE(
    AzureFixture,
    "a PUT that Azure lost halfway is repeated, and an existing job is told from a new one") {
    server.expect_put(arm("/jobs/j")).fail(Error(ErrorKind::Unavailable, "reset"));
    server.expect_put(arm("/jobs/j")).reply_fixture(200, "azure/job.json");
    const auto result =
        run(azure::jobs::create_or_update(client, workspace, "j", nlohmann::json::object(), {}));
    CHECK_FALSE(result.created);
}

TEST_CASE_FIXTURE(AzureFixture, "jobs are found, absent, or listed") {
    server.expect_get(arm("/jobs/brave_fig_0")).reply_fixture(200, "azure/job.json");
    CHECK(run(azure::jobs::find(client, workspace, "brave_fig_0", {}))->status == "Starting");
    server.expect_get(arm("/jobs/none")).reply_fixture(404, "azure/error_ml_provider.json");
    CHECK_FALSE(run(azure::jobs::find(client, workspace, "none", {})));
    const auto job = nlohmann::json::parse(test::fixture("azure/job.json"));
    server.expect_get(arm("/jobs", "&listViewType=ActiveOnly")).reply(200, {{"value", {job, job}}});
    CHECK(run(azure::jobs::list(client, workspace, {})).items.size() == 2);
}

TEST_CASE_FIXTURE(AzureFixture,
                  "cancelling accepts the literal null, and a job that has already ended") {
    server.expect_post(arm("/jobs/j/cancel"))
        .reply_text(202, "null", {{"Location", "https://management.azure.com/x"}});
    run(azure::jobs::cancel(client, workspace, "j", {}));
    server.expect_post(arm("/jobs/j/cancel"))
        .reply(
            400,
            nlohmann::json::parse(
                R"({"error":{"code":"UserError","message":"Job j is in terminal status, it can't be canceled.",
            "additionalInfo":[{"type":"InnerError","info":{"value":{"code":"BadArgument","innerError":{"code":"ArgumentInvalid",
            "innerError":{"code":"CancelPipelineRunInTerminalStatus","innerError":null}}}}}]}})"));
    run(azure::jobs::cancel(client, workspace, "j", {}));
    server.expect_post(arm("/jobs/j/cancel"))
        .reply(403, {{"error", {{"code", "AuthorizationFailed"}, {"message", "No."}}}});
    CHECK_THROWS_AS(run(azure::jobs::cancel(client, workspace, "j", {})), Error);
}

TEST_CASE_FIXTURE(AzureFixture, "a snapshot is found by its hash under any name") {
    const auto query = std::string("&hash=") + hash + "&hashVersion=202208";
    server.expect_get(arm("/codes/fresh/versions", query))
        .reply_fixture(200, "azure/code_versions.json");
    const auto code = run(azure::codes::find_by_hash(client, workspace, "fresh", hash, {}));
    REQUIRE(code);
    CHECK(code->name == "0c0c0c0c-1111-2222-3333-444444444444");
    CHECK(code->version == "1");
    CHECK(code->hash == hash);
    server.expect_get(arm("/codes/fresh/versions", query))
        .reply(200, {{"value", nlohmann::json::array()}});
    CHECK_FALSE(run(azure::codes::find_by_hash(client, workspace, "fresh", hash, {})));
    server.expect_get(arm("/codes/fresh/versions", query))
        .reply_fixture(404, "azure/error_ml_provider.json");
    CHECK_FALSE(run(azure::codes::find_by_hash(client, workspace, "fresh", hash, {})));
    server.expect_get(arm("/codes/fresh/versions", "&hash=other&hashVersion=202208"))
        .reply_fixture(200, "azure/code_versions.json");
    CHECK_FALSE(run(azure::codes::find_by_hash(client, workspace, "fresh", "other", {})));
}

TEST_CASE_FIXTURE(AzureFixture, "an upload starts with a container and ends with a code version") {
    server.expect_post(arm("/codes/c/versions/1/startPendingUpload"))
        .with_json({{"pendingUploadType", "TemporaryBlobReference"}})
        .reply_fixture(200, "azure/pending_upload.json");
    const auto upload = run(azure::codes::start_pending_upload(client, workspace, "c", "1", {}));
    CHECK(upload.blob_uri == "https://sa1.blob.core.windows.net:443/11111111-abcdef0123456789");
    CHECK(upload.container.url.reveal().starts_with(upload.blob_uri + "?"));
    CHECK(upload.container.subscription.empty());
    server.expect_post(arm("/codes/c/versions/1/startPendingUpload"))
        .reply(200, {{"blobReferenceForConsumption", {{"blobUri", "https://b/c"}}}});
    const auto own = run(azure::codes::start_pending_upload(client, workspace, "c", "1", {}));
    CHECK(own.container.url.reveal() == "https://b/c");
    CHECK(own.container.subscription == test::subscription);
    server.expect_post(arm("/codes/c/versions/1/startPendingUpload"))
        .reply(200, {{"blobReferenceForConsumption", nullptr}});
    CHECK(failure(azure::codes::start_pending_upload(client, workspace, "c", "1", {})).kind() ==
          ErrorKind::AzureFailed);

    const auto answer =
        nlohmann::json::parse(test::fixture("azure/code_versions.json"))["value"][0];
    server.expect_put(arm("/codes/c/versions/1"))
        .with_json(nlohmann::json::parse(
            R"({"properties":{"codeUri":"https://u/p","isAnonymous":true,"isArchived":false,
            "properties":{"hash_sha256":"h","hash_version":"202208"}}})"))
        .reply(201, answer);
    azure::CodeSpec spec;
    spec.code_uri = "https://u/p";
    spec.hash = "h";
    CHECK(run(azure::codes::create_or_update(client, workspace, "c", "1", spec, {})).version ==
          "1");
}
