#include "http/cloud.hpp"

#include "support/error_of.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"
#include "support/scripted_http.hpp"
#include "support/seeded_random.hpp"

#include <doctest/doctest.h>

using namespace aml;
using test::run;

namespace {

constexpr auto metadata_path = "/metadata/endpoints?api-version=2022-09-01";

struct CloudFixture {
    asio::io_context loop{1};
    test::FakeClock clock{test::FakeClock::Mode::Jump};
    test::SeededRandom random;
    test::ScriptedHttp server;

    http::Cloud discover(std::string endpoint) {
        http::PipelineParts parts{server, clock, random, Log(), "aml", {}};
        const auto pipeline = http::make_anonymous_pipeline(std::move(parts));
        return run(loop, http::discover_cloud(pipeline, std::move(endpoint), {}));
    }

    Error failure(std::string endpoint) {
        return test::error_of([&] { discover(std::move(endpoint)); });
    }
};

}  // namespace

TEST_CASE_FIXTURE(CloudFixture, "public Azure describes itself") {
    server.expect_get("https://management.azure.com/metadata/endpoints?api-version=2022-09-01")
        .reply_fixture(200, "azure/metadata_endpoints.json");
    const auto cloud = discover("https://management.azure.com/");
    const auto known = http::public_cloud();
    CHECK(cloud.name == known.name);
    CHECK(cloud.arm == known.arm);
    CHECK(cloud.authority == known.authority);
    CHECK(cloud.tenant == known.tenant);
    CHECK(cloud.arm_scope == known.arm_scope);
    CHECK(cloud.ml_scope == known.ml_scope);
    CHECK(cloud.storage_suffix == known.storage_suffix);
    CHECK(cloud.portal == known.portal);
}

TEST_CASE_FIXTURE(CloudFixture,
                  "an older endpoint lists every cloud it knows, a byte order mark first") {
    const auto clouds = R"([
        {"name":"AzureCloud","resourceManager":"https://management.azure.com/","authentication":{"loginEndpoint":"https://a"}},
        {"name":"AzureChinaCloud","resourceManager":"https://management.chinacloudapi.cn/","portal":null,
         "authentication":{"loginEndpoint":"https://login.chinacloudapi.cn/","audiences":["https://management.core.chinacloudapi.cn/"]}}])";
    server.expect_get(metadata_path).reply_text(200, std::string("\xEF\xBB\xBF") + clouds);
    const auto cloud = discover("https://management.chinacloudapi.cn");
    CHECK(cloud.name == "AzureChinaCloud");
    CHECK(cloud.authority == "https://login.chinacloudapi.cn");
    CHECK(cloud.arm_scope == "https://management.core.chinacloudapi.cn/.default");
    CHECK(cloud.ml_scope == "https://ml.azure.cn/.default");
}

TEST_CASE_FIXTURE(CloudFixture, "what is no ARM endpoint is named together with the setting") {
    for (const auto* body :
         {"<html>", "[]", "{}", "3", R"({"authentication":{"loginEndpoint":"nothing"}})"}) {
        server.expect_get(metadata_path).reply_text(200, body);
        const auto error = failure("https://example.com");
        CHECK(error.kind() == ErrorKind::Rejected);
        CHECK(error.message().find("https://example.com is not an Azure Resource Manager") == 0);
    }
    server.expect_get(metadata_path).reply_text(404);
    CHECK(failure("https://example.com").kind() == ErrorKind::Rejected);
    CHECK(failure("http://example.com").kind() == ErrorKind::Rejected);
    CHECK(failure("example").kind() == ErrorKind::Rejected);
}

TEST_CASE_FIXTURE(CloudFixture, "a description that is cut off is asked for again") {
    const std::string cut = R"({"name":"AzureCloud","authentication":{"loginEnd)";
    server.expect_get(metadata_path).reply_text(200, cut);
    server.expect_get(metadata_path).reply_fixture(200, "azure/metadata_endpoints.json");
    CHECK(discover("https://management.azure.com").name == "AzureCloud");
    for (int i = 0; i < 3; ++i) server.expect_get(metadata_path).reply_text(200, cut);
    const auto error = failure("https://management.azure.com");
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message() ==
          "The answer of https://management.azure.com is cut off; try again later.");
}

TEST_CASE_FIXTURE(CloudFixture, "an endpoint that is down or cannot be reached is unavailable") {
    server.expect_get(std::string("https://example.com") + metadata_path)
        .reply_text(503)
        .any_times();
    CHECK(failure("https://example.com").kind() == ErrorKind::Unavailable);
    for (int i = 0; i < 4; ++i) {
        server.expect_get("https://gone.example/metadata/endpoints?api-version=2022-09-01")
            .fail(Error(ErrorKind::Unavailable, "It refuses connections."));
    }
    CHECK(failure("https://gone.example").message() ==
          "Azure cannot be reached: It refuses connections. Check the network and the setting "
          "azureml.armEndpoint or AZUREML_ARM_ENDPOINT (https://gone.example).");
}

TEST_CASE("tokens are trusted to the emulator's machine only if ARM is there") {
    auto cloud = http::public_cloud();
    const auto trusts = [&](std::string_view url) {
        return http::trusted_hosts(cloud).trusts(url, cloud.arm_scope);
    };
    CHECK(trusts("https://eastus2.api.azureml.ms/x"));
    CHECK_FALSE(trusts("http://127.0.0.1:5/x"));
    cloud.arm = "http://127.0.0.1:8080";
    CHECK(trusts("http://127.0.0.1:5/x"));
    CHECK_FALSE(trusts("https://example.com/x"));
}

TEST_CASE("storage gets its own tokens and no others") {
    const auto cloud = http::public_cloud();
    const auto trusted = http::trusted_hosts(cloud);
    CHECK(trusted.trusts("https://sa1.blob.core.windows.net/c/b", http::storage_scope));
    CHECK_FALSE(trusted.trusts("http://sa1.blob.core.windows.net/c/b", http::storage_scope));
    CHECK_FALSE(trusted.trusts("https://sa1.blob.core.windows.net/c/b", cloud.arm_scope));
    CHECK_FALSE(
        trusted.trusts("https://sa1.blob.core.windows.net.example.com/", http::storage_scope));
    CHECK_FALSE(trusted.trusts("https://management.azure.com/x", http::storage_scope));
}
