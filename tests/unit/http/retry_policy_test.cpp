#include "async/task_group.hpp"
#include "http/policies.hpp"
#include "http/transport_failure.hpp"
#include "support/error.hpp"
#include "support/fake_clock.hpp"
#include "support/run.hpp"
#include "support/scripted_http.hpp"
#include "support/seeded_random.hpp"

#include <doctest/doctest.h>

using namespace aml;
using http::Method;
using std::chrono::milliseconds;
using test::run;

namespace {

struct RetryFixture {
    asio::io_context loop{1};
    test::FakeClock clock{test::FakeClock::Mode::Jump};
    test::SeededRandom random;
    test::ScriptedHttp server;

    http::Response send(http::Request request, std::stop_token stop = {}) {
        std::vector<std::unique_ptr<http::Policy>> policies;
        policies.push_back(http::retry_policy(clock, random));
        const http::Pipeline pipeline(std::move(policies), server);
        return run(loop, pipeline.send(std::move(request), std::move(stop)));
    }
};

http::Request request_of(Method method, http::Repeat repeat = http::Repeat::ByMethod) {
    http::Request request;
    request.method = method;
    request.url = "https://h/x";
    request.repeat = repeat;
    return request;
}

}  // namespace

TEST_CASE_FIXTURE(RetryFixture,
                  "each status worth it is retried, with a doubling and jittered delay") {
    for (const int status : {408, 429, 500, 502, 503, 504})
        server.expect_get("/x").reply_text(status);
    server.expect_get("/x").reply_text(200);
    CHECK(send(request_of(Method::Get)).status == 502);
    CHECK(send(request_of(Method::Get)).status == 200);
    REQUIRE(clock.sleeps().size() == 5);
    for (int i = 0; i < 3; ++i) {
        const auto base = 800.0 * (1 << i);
        CHECK(static_cast<double>(clock.sleeps()[static_cast<std::size_t>(i)].count()) >=
              base * 0.8 - 1);
        CHECK(static_cast<double>(clock.sleeps()[static_cast<std::size_t>(i)].count()) <=
              base * 1.3 + 1);
    }
}

TEST_CASE_FIXTURE(RetryFixture, "other statuses are answers") {
    for (const int status : {200, 301, 400, 401, 403, 404, 409, 501}) {
        server.expect_get("/x").reply_text(status);
        CHECK(send(request_of(Method::Get)).status == status);
    }
    CHECK(clock.sleeps().empty());
}

TEST_CASE_FIXTURE(RetryFixture, "the delay the service asks for wins, in each of its forms") {
    server.expect_get("/x").reply_text(429, "", {{"Retry-After", "7"}});
    server.expect_get("/x").reply_text(503, "", {{"Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT"}});
    server.expect_get("/x").reply_text(
        429, "", {{"Retry-After", "9"}, {"x-ms-retry-after-ms", "120"}});
    server.expect_get("/x").reply_text(200);
    CHECK(send(request_of(Method::Get)).status == 200);
    CHECK(clock.sleeps() ==
          std::vector<milliseconds>{milliseconds(7000), milliseconds(3000), milliseconds(120)});
}

TEST_CASE("a Retry-After that cannot be read or lies in the past") {
    const auto now = test::new_year();
    CHECK_FALSE(http::retry_after({{"Retry-After", "soon"}}, now));
    CHECK_FALSE(http::retry_after({{"Retry-After", "-5"}}, now));
    CHECK_FALSE(http::retry_after({}, now));
    CHECK(http::retry_after({{"retry-after-ms", "x"}, {"Retry-After", "1"}}, now) ==
          milliseconds(1000));
    CHECK(http::retry_after({{"Retry-After", "Wed, 31 Dec 2025 00:00:00 GMT"}}, now) ==
          milliseconds(0));
}

TEST_CASE("a Retry-After date counts by the service's clock when that is told") {
    const http::Headers headers{{"Date", "Thu, 01 Jan 2026 09:00:00 GMT"},
                                {"Retry-After", "Thu, 01 Jan 2026 09:00:05 GMT"}};
    CHECK(http::retry_after(headers, test::new_year()) == std::chrono::seconds(5));
    const http::Headers unreadable{{"Date", "today"},
                                   {"Retry-After", "Thu, 01 Jan 2026 00:00:05 GMT"}};
    CHECK(http::retry_after(unreadable, test::new_year()) == std::chrono::seconds(5));
}

TEST_CASE_FIXTURE(RetryFixture, "an hour's Retry-After is reported, not waited for") {
    server.expect_get("/x").reply_text(429, "", {{"Retry-After", "3600"}});
    CHECK(send(request_of(Method::Get)).status == 429);
    CHECK(clock.sleeps().empty());
}

TEST_CASE_FIXTURE(
    RetryFixture,
    "a POST is repeated only when the service refused it and said when to come back") {
    server.expect_post("/x").reply_text(500);
    CHECK(send(request_of(Method::Post)).status == 500);
    server.expect_post("/x").reply_text(503);
    CHECK(send(request_of(Method::Post)).status == 503);
    server.expect_post("/x").reply_text(429, "", {{"Retry-After", "1"}});
    server.expect_post("/x").reply_text(202);
    CHECK(send(request_of(Method::Post)).status == 202);
    server.expect_post("/x").reply_text(500);
    server.expect_post("/x").reply_text(200);
    CHECK(send(request_of(Method::Post, http::Repeat::Safe)).status == 200);
    CHECK(server.requests().size() == 6);
}

TEST_CASE_FIXTURE(RetryFixture,
                  "transport failures of repeatable requests are retried, then passed on") {
    const Error broken(ErrorKind::Unavailable, "broken");
    server.expect_put("/x").fail(broken);
    server.expect_put("/x").reply_text(201);
    CHECK(send(request_of(Method::Put)).status == 201);
    for (int i = 0; i < 4; ++i) server.expect_get("/x").fail(broken);
    CHECK_THROWS_WITH_AS(send(request_of(Method::Get)), "broken", Error);
    server.expect_post("/x").fail(broken);
    CHECK_THROWS_WITH_AS(send(request_of(Method::Post)), "broken", Error);
}

TEST_CASE_FIXTURE(RetryFixture, "where nobody listens is tried three times and not four") {
    ErrorDetails details;
    details.azure_code = http::transport_failure::no_connection;
    const Error refused(ErrorKind::Unavailable, "refused", details);
    for (int i = 0; i < 3; ++i) server.expect_get("/x").fail(refused);
    CHECK_THROWS_WITH_AS(send(request_of(Method::Get)), "refused", Error);
    CHECK(server.requests().size() == 3);
}

TEST_CASE_FIXTURE(RetryFixture, "the failure of another request is not repeated here") {
    ErrorDetails details;
    details.azure_code = "AuthorityUnreachable";
    server.expect_get("/x").fail(Error(ErrorKind::Unavailable, "no sign-in service", details));
    CHECK_THROWS_WITH_AS(send(request_of(Method::Get)), "no sign-in service", Error);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("cancelling wakes a retry that sleeps") {
    asio::io_context loop(1);
    test::FakeClock clock;
    test::SeededRandom random;
    test::ScriptedHttp server;
    server.expect_get("/x").reply_text(503);
    std::vector<std::unique_ptr<http::Policy>> policies;
    policies.push_back(http::retry_policy(clock, random));
    const http::Pipeline pipeline(std::move(policies), server);
    std::stop_source stop;
    std::optional<ErrorKind> kind;
    auto call = [&]() -> asio::awaitable<void> {
        try {
            auto request = request_of(Method::Get);
            co_await pipeline.send(std::move(request), stop.get_token());
        } catch (const Error& error) {
            kind = error.kind();
        }
    };
    async::TaskGroup group(loop.get_executor(), nullptr);
    group.spawn(call());
    loop.poll();
    CHECK(clock.sleepers() == 1);
    stop.request_stop();
    run(loop, group.join());
    CHECK(kind == ErrorKind::Cancelled);
}
