#include "azure/errors.hpp"

#include "azure/run_history.hpp"
#include "support/chinese.hpp"
#include "support/fake_clock.hpp"
#include "support/scripted_http.hpp"

#include <doctest/doctest.h>

using namespace aml;

namespace {

Error error(int status, std::string body, http::Headers headers = {}) {
    const http::Response response{status, std::move(headers), std::move(body)};
    return azure::error_of(response, LocalizedText("do it"), test::new_year());
}

std::string arm(const std::string& code, const std::string& message = "Because.") {
    return nlohmann::json{{"error", {{"code", code}, {"message", message}}}}.dump();
}

}  // namespace

TEST_CASE("a run whose image may not be built says what to choose") {
    const nlohmann::json failed{
        {"runId", "r"},
        {"error",
         {{"error",
           {{"code", "UserError"},
            {"message",
             "Image build failed: (TasksOperationsNotAllowed) ACR Tasks requests for the registry "
             "w1 and 1234 are not permitted. Please file an Azure support request."}}}}}};
    CHECK(azure::run_from_json(failed).error->message ==
          "Cannot build the image of the environment: the subscription may not build images, as is "
          "usual with free credit; choose a curated environment, which is built already.");
    CHECK(error(403, arm("TasksOperationsNotAllowed")).message().find("choose a curated") !=
          std::string::npos);
}

TEST_CASE("each HTTP status has its kind") {
    const std::pair<int, ErrorKind> rows[] = {{400, ErrorKind::Rejected},
                                              {401, ErrorKind::NotSignedIn},
                                              {403, ErrorKind::Forbidden},
                                              {404, ErrorKind::NotFound},
                                              {408, ErrorKind::TimedOut},
                                              {409, ErrorKind::Conflict},
                                              {412, ErrorKind::Conflict},
                                              {422, ErrorKind::Rejected},
                                              {429, ErrorKind::Throttled},
                                              {500, ErrorKind::AzureFailed},
                                              {502, ErrorKind::Unavailable},
                                              {503, ErrorKind::Unavailable},
                                              {504, ErrorKind::TimedOut},
                                              {418, ErrorKind::AzureFailed},
                                              {301, ErrorKind::AzureFailed}};
    for (const auto& [status, kind] : rows) {
        CHECK(azure::kind_of_status(status) == kind);
        CHECK(error(status, "").kind() == kind);
        CHECK(error(status, "").message().starts_with("Cannot do it: "));
        CHECK(error(status, "").details().http_status == status);
    }
}

TEST_CASE("every error shape gives its message, its deepest code and its request id") {
    const auto gateway =
        error(404, test::fixture("azure/error_arm_gateway.json"), {{"x-ms-request-id", "r1"}});
    CHECK(gateway.details().azure_code == "ResourceNotFound");
    CHECK(gateway.details().request_id == "r1");
    CHECK(gateway.message().starts_with("Cannot do it: the workspace w1 does not exist"));

    const auto provider = error(404,
                                test::fixture("azure/error_ml_provider.json"),
                                {{"x-ms-correlation-request-id", "c1"}});
    CHECK(provider.details().azure_code == "NotFoundError");
    CHECK(provider.details().request_id == "c1");
    CHECK(provider.message() == "Cannot do it: Job brave_fig_0 not found.");

    const auto data = error(404, test::fixture("azure/error_data_plane.json"));
    CHECK(data.details().azure_code == "NotFoundError");
    CHECK(data.message() == "Cannot do it: Run brave_fig_9 was not found.");

    const auto blob = error(
        403, test::fixture("azure/error_blob.xml"), {{"x-ms-error-code", "AuthenticationFailed"}});
    CHECK(blob.kind() == ErrorKind::Forbidden);
    CHECK(blob.details().azure_code == "AuthenticationFailed");
    CHECK(blob.message().starts_with("Cannot do it: the address that Azure gave for it"));
    CHECK(blob.message().find("RequestId") == std::string::npos);

    const auto bodiless = error(409, "", {{"x-ms-error-code", "BlobAlreadyExists"}});
    CHECK(bodiless.details().azure_code == "BlobAlreadyExists");

    const auto mlflow = error(
        404,
        R"({"error_code":"RESOURCE_DOES_NOT_EXIST","message":"No Experiment with id=0 exists"})");
    CHECK(mlflow.details().azure_code == "RESOURCE_DOES_NOT_EXIST");
    CHECK(mlflow.message() == "Cannot do it: No Experiment with id=0 exists.");
}

TEST_CASE("validation details are told when the message does not tell them") {
    const auto told = error(
        400, R"({"error":{"code":"ValidationError","message":"The request is invalid.","details":[
        {"code":"InvalidPrimitive","message":"compute: no such target","target":"vmSize"}]}})");
    CHECK(told.message() == "Cannot do it: The request is invalid. compute: no such target.");
    CHECK(told.details().azure_code == "InvalidPrimitive");
}

TEST_CASE("what is no error body still gives a plain reason") {
    for (const auto* body : {"",
                             "null",
                             "[]",
                             "<html>Bad gateway</html>",
                             "{\"error\":null}",
                             "{\"error\":\"x\"}",
                             "\xff"}) {
        CHECK(error(503, body).message() ==
              "Cannot do it: the service has a problem; try again in a few minutes.");
    }
    CHECK(error(418, "").message() == "Cannot do it: the service answered with HTTP status 418.");
}

TEST_CASE("each of Azure's errors is one sentence that says what to do") {
    const auto rows = nlohmann::json::parse(test::fixture("azure/errors.json"));
    for (const auto& row : rows) {
        CAPTURE(row["name"].get<std::string>());
        http::Headers headers;
        const auto fields = row.value("headers", nlohmann::json::object());
        for (const auto& [name, value] : fields.items())
            headers.set(name, value.get<std::string>());
        const auto& body = row["body"];
        const auto told = error(row["status"].get<int>(),
                                body.is_string() ? body.get<std::string>() : body.dump(),
                                std::move(headers));
        CHECK(told.message() == row["message"].get<std::string>());
        CHECK(told.details().azure_code == row["code"].get<std::string>());
    }
}

TEST_CASE("the service's delay is kept, and a challenge asks for another sign-in") {
    const auto throttled = error(429, arm("TooManyRequests"), {{"Retry-After", "17"}});
    CHECK(throttled.details().retry_after == std::chrono::seconds(17));
    const auto challenged = error(
        401,
        "",
        {{"WWW-Authenticate", R"(Bearer error="insufficient_claims", claims="eyJ4Ijp7fX0=")"}});
    CHECK(challenged.message() ==
          "Cannot do it: the service does not accept the sign-in; sign in again.");
}

TEST_CASE("a long message is cut at a character, and only its first line is kept") {
    std::string words;
    for (int i = 0; i < 300; ++i) words += "ü";
    const auto message = error(400, arm("X", words + "\nsecond line")).message();
    CHECK(message.size() < 450);
    CHECK(message.find("second") == std::string::npos);
    CHECK(message.ends_with("ü…."));
}

TEST_CASE("in Chinese the sentence is Chinese and Azure's own words stay") {
    const test::Chinese chinese;
    const auto said = [](int status, std::string body, http::Headers headers = {}) {
        const http::Response response{status, std::move(headers), std::move(body)};
        return azure::error_of(response, localize("create the job"), test::new_year()).message();
    };
    CHECK(
        said(403,
             arm("AuthorizationFailed",
                 "The client 'c' does not have authorization to perform action "
                 "'Microsoft.X/jobs/write' over scope "
                 "'/subscriptions/s/resourceGroups/g/providers/P/workspaces/w1'.")) ==
        "无法创建作业：你对工作区 w1 没有权限 Microsoft.X/jobs/write；请向所有者申请允许此操作的角"
        "色，例如 AzureML Data Scientist；如果刚刚获得该角色，请重新登录。");
    CHECK(said(429, "", {{"Retry-After", "7"}}) ==
          "无法创建作业：Azure 限制了请求数；请在 7 秒后重试。");
    CHECK(said(400, arm("Odd", "The colour is wrong.")) == "无法创建作业：The colour is wrong。");
}
