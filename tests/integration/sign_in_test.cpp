#include "azure/subscriptions.hpp"
#include "integration/fixture.hpp"

#include <doctest/doctest.h>

using namespace aml;
using test::LiveFixture;

TEST_CASE_FIXTURE(LiveFixture, "the emulator describes its cloud") {
    CHECK(cloud.arm == ready.at("armEndpoint"));
    CHECK(cloud.authority == ready.at("authority"));
    CHECK_FALSE(cloud.arm_scope.empty());
}

TEST_CASE_FIXTURE(LiveFixture, "a service principal signs in and has a name") {
    const auto account = run(session->sign_in({}));
    CHECK(account.tenant == ready.at("tenantId"));
    CHECK_FALSE(account.name.empty());
    CHECK(session->method() == auth::Method::ServicePrincipal);
}

TEST_CASE_FIXTURE(LiveFixture, "a wrong secret, application or tenant is told apart") {
    settings.client_secret = Secret("wrong");
    connect();
    auto error = failure(azure::subscriptions::list(*client, {}, {}));
    CHECK(error.kind() == ErrorKind::NotSignedIn);
    CHECK(error.message().find("The client secret is wrong") == 0);
    settings.client_id = "00000000-0000-0000-0000-00000000dead";
    connect();
    CHECK(failure(azure::subscriptions::list(*client, {}, {}))
              .message()
              .find("The tenant knows no application") == 0);
    settings.tenant = "00000000-0000-0000-0000-00000000dead";
    connect();
    CHECK(failure(azure::subscriptions::list(*client, {}, {}))
              .message()
              .find("There is no such tenant") == 0);
}

namespace {

struct PersonFixture : LiveFixture {
    /// What the person does in the browser.
    asio::awaitable<void> approve(auth::DeviceCode code) {
        http::Request request;
        request.method = http::Method::Post;
        request.url = code.verification_uri;
        request.headers.set("Content-Type", "application/x-www-form-urlencoded");
        request.body = http::Body("otc=" + code.user_code + "&action=approve");
        const auto response = co_await anonymous.send(std::move(request), {});
        approved = response.status == 200;
    }

    bool approved = false;
};

}  // namespace

TEST_CASE_FIXTURE(PersonFixture, "a device code signs a person in once they have entered it") {
    settings = auth::SignInSettings();
    settings.method = auth::Method::DeviceCode;
    tools.show_device_code = [this](auth::DeviceCode code, std::stop_source) {
        group.spawn(approve(std::move(code)));
    };
    connect();
    const auto account = run(session->sign_in({}));
    CHECK(approved);
    CHECK_FALSE(account.application);
    CHECK(session->method() == auth::Method::DeviceCode);
    CHECK_FALSE(run(azure::subscriptions::list(*client, {}, {})).items.empty());
}
