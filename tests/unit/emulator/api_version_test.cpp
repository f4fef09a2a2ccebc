#include "web/api_version.hpp"

#include "web/errors.hpp"

#include <doctest/doctest.h>

namespace aml::emulator::api_version_test {

namespace {

const ApiVersions ml{"Microsoft.MachineLearningServices", {"2025-12-01", "2024-04-01"}};
const ApiVersions plain_request{"", {"2022-12-01"}};
constexpr auto pattern =
    "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.MachineLearningServices/workspaces/"
    "{w}/jobs/{j}";

json refusal(const ApiVersions& versions, std::string_view query) {
    Request request;
    request.query = Query::parse(query);
    try {
        check_api_version(request, versions, pattern);
    } catch (const Refused& refused) {
        CHECK(refused.reply().status == 400);
        return json::parse(std::get<std::string>(refused.reply().body))["error"];
    }
    return nullptr;
}

}  // namespace

TEST_CASE("known api-versions pass and the parameter's name has no case") {
    CHECK(refusal(ml, "api-version=2025-12-01").is_null());
    CHECK(refusal(ml, "API-Version=2024-04-01").is_null());
}

TEST_CASE("missing and unknown api-versions are answered as ARM does") {
    CHECK(refusal(ml, "")["code"] == "MissingApiVersionParameter");
    const auto unknown = refusal(ml, "api-version=2019-05-01");
    CHECK(unknown["code"] == "NoRegisteredProviderFound");
    CHECK(unknown["message"].get<std::string>().find("type 'workspaces/jobs'") !=
          std::string::npos);
    CHECK(unknown["message"].get<std::string>().find("'2025-12-01, 2024-04-01'") !=
          std::string::npos);
    CHECK(refusal(plain_request, "api-version=1")["code"] == "InvalidApiVersionParameter");
}

TEST_CASE("error shapes are those of the four services") {
    Request request;
    request.request_id = "id";
    const auto body = [](const Refused& refused) {
        return json::parse(std::get<std::string>(refused.reply().body));
    };
    CHECK(arm_error(404, "A", "b").reply().headers.get("x-ms-failure-cause") == "gateway");
    const auto ml_body =
        body(ml_error(request, 400, "UserError", "m", {"BadArgument", "ArgumentInvalid"}));
    CHECK(ml_body["error"]["additionalInfo"].back()["info"]["value"]["innerError"]["code"] ==
          "ArgumentInvalid");
    const auto data_body =
        body(data_error(request, 404, "UserError", "m", {"NotFoundError"}, "run-history"));
    CHECK(data_body["componentName"] == "run-history");
    CHECK(data_body["correlation"]["operation"].get<std::string>().size() == 32);
    const auto blob = blob_error(request, 404, "BlobNotFound", "a < b").reply();
    CHECK(blob.headers.get("x-ms-error-code") == "BlobNotFound");
    CHECK(std::get<std::string>(blob.body).find("a &lt; b") != std::string::npos);
}

}  // namespace aml::emulator::api_version_test
