#include "auth/managed_identity_credential.hpp"
#include "support/temporary_directory.hpp"
#include "unit/auth/fixture.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace aml;
using auth::IdentitySource;

namespace {

constexpr const char* vm_url =
    "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=r";

struct MachineFixture : test::AuthFixture {
    ~MachineFixture() { pool.join(); }

    auth::ManagedIdentityCredential credential() { return {pipeline, clock, pool, settings}; }

    http::AccessToken token_of(auth::ManagedIdentityCredential& machine) {
        return token(machine, {"r/.default"});
    }

    void expect_probe() {
        server
            .expect_get(
                "http://169.254.169.254/metadata/identity/oauth2/token?api-version="
                "2018-02-01&resource=probe")
            .reply(400, {{"error", "invalid_request"}});
    }

    nlohmann::json answer{{"access_token", "a"},
                          {"expires_on", "1767312000"},
                          {"resource", "r"},
                          {"token_type", "Bearer"}};
    auth::ManagedIdentitySettings settings;
    asio::thread_pool pool{1};
};

}  // namespace

TEST_CASE_FIXTURE(MachineFixture, "the first source whose variables are set is the one") {
    CHECK(auth::source_of(settings) == IdentitySource::VirtualMachine);
    settings.identity_endpoint = "http://localhost:1";
    settings.imds_endpoint = "http://localhost:2";
    CHECK(auth::source_of(settings) == IdentitySource::Arc);
    settings.msi_endpoint = "http://localhost:3";
    CHECK(auth::source_of(settings) == IdentitySource::CloudShell);
    settings.msi_secret = Secret("m");
    CHECK(auth::source_of(settings) == IdentitySource::AzureMl);
    settings.identity_header = Secret("h");
    CHECK(auth::source_of(settings) == IdentitySource::AppService);
}

TEST_CASE_FIXTURE(MachineFixture, "App Service and Azure ML give tokens for a header's secret") {
    settings.identity_endpoint = "http://127.0.0.1:9/msi/token";
    settings.identity_header = Secret("h");
    settings.client_id = "u1";
    auto app = credential();
    server.expect_get("/msi/token?api-version=2019-08-01&resource=r&client_id=u1")
        .with_header("X-IDENTITY-HEADER", "h")
        .reply(200, answer);
    const auto token = token_of(app);
    CHECK(token.value == Secret("a"));
    CHECK(std::chrono::system_clock::to_time_t(token.expires_at) == 1'767'312'000);
    CHECK(token.refresh_at == clock.now() + (token.expires_at - clock.now()) / 2);
    server.expect_get("/msi/token?api-version=2019-08-01&resource=r&client_id=u1")
        .reply(401, {{"error", "Unauthorized"}, {"error_description", "Wrong header."}});
    CHECK(failure(app, {"r/.default"}).message() ==
          "The identity service of App Service gave no token: Wrong header (HTTP status 401).");

    settings = {};
    settings.msi_endpoint = "http://127.0.0.1:9/msi/token";
    settings.msi_secret = Secret("m");
    settings.client_id = "u1";
    auto ml = credential();
    answer = {{"access_token", "b"}, {"expires_on", 1'767'312'000}};
    server.expect_get("/msi/token?api-version=2017-09-01&resource=r&clientid=u1")
        .with_header("secret", "m")
        .reply(200, answer);
    CHECK(token_of(ml).value == Secret("b"));
}

TEST_CASE_FIXTURE(MachineFixture, "a virtual machine is probed once, then asked") {
    auto machine = credential();
    expect_probe();
    server.expect_get(vm_url).with_header("Metadata", "true").reply(200, answer);
    CHECK(token_of(machine).value == Secret("a"));
    server.expect_get(vm_url).reply(410, {});
    server.expect_get(vm_url).reply(200, answer);
    CHECK(token_of(machine).value == Secret("a"));
    server.expect_get(vm_url).reply(400, {{"error", "invalid_request"}});
    CHECK(failure(machine, {"r/.default"}).message().find("No identity is assigned") == 0);
}

TEST_CASE_FIXTURE(MachineFixture, "outside Azure one quick attempt is enough") {
    auto machine = credential();
    server
        .expect_get(
            "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&"
            "resource=probe")
        .fail(Error(ErrorKind::Unavailable, "No route."));
    const auto error = failure(machine, {"r/.default"});
    CHECK(error.kind() == ErrorKind::NotSignedIn);
    CHECK(error.message().find("This machine has no managed identity") == 0);
    CHECK(clock.sleeps().empty());
    // Nor is it tried again at once.
    CHECK(failure(machine, {"r/.default"}).kind() == ErrorKind::NotSignedIn);
    CHECK(server.requests().size() == 1);
}

TEST_CASE_FIXTURE(MachineFixture, "Azure Arc wants the key of its agent") {
    const test::TemporaryDirectory folder;
    settings.identity_endpoint = "http://127.0.0.1:9/metadata/identity/oauth2/token";
    settings.imds_endpoint = "http://127.0.0.1:9";
    settings.arc_key_folder = folder.path().string();
    const auto key = folder.path() / "a.key";
    std::ofstream(key) << "k";
    auto arc = credential();
    const std::string url = "/metadata/identity/oauth2/token?api-version=2019-11-01&resource=r";
    const auto challenge = [&](const std::string& file) {
        server.expect_get(url).reply_text(401, "", {{"WWW-Authenticate", "Basic realm=" + file}});
    };
    challenge(key.string());
    server.expect_get(url).with_header("Authorization", "Basic k").reply(200, answer);
    CHECK(token_of(arc).value == Secret("a"));
    for (const auto* file : {"/etc/passwd", "/nowhere/b.key"}) {
        challenge(file);
        CHECK(failure(arc, {"r/.default"}).message().find("The key of Azure Arc's agent") == 0);
    }
}
