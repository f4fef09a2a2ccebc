#include "web/router.hpp"

#include "support/error.hpp"

#include <doctest/doctest.h>

namespace aml::emulator::router_test {

namespace {

void add(Router& router, const char* method, const char* pattern) {
    Route route;
    route.method = method;
    route.pattern = pattern;
    route.handler = [](const Request&) { return Reply(); };
    router.add(std::move(route));
}

std::string pattern_of(const Router::Match& match) {
    return match.route == nullptr ? "" : match.route->pattern;
}

}  // namespace

TEST_CASE("paths match without regard to case and keep the case of parameters") {
    Router router;
    add(router, "GET", "/subscriptions/{subscription}/resourceGroups/{group}");
    const auto match = router.find("GET", "/SUBSCRIPTIONS/AbC/resourcegroups/My%20Group/");
    REQUIRE(match.route != nullptr);
    CHECK(match.params.at("subscription") == "AbC");
    CHECK(match.params.at("group") == "My Group");
}

TEST_CASE("literals win over parameters and parameters over tails") {
    Router router;
    add(router, "GET", "/{account}/{container}/{blob*}");
    add(router, "GET", "/{tenant}/v2.0/keys");
    add(router, "GET", "/runs/{run}");
    CHECK(pattern_of(router.find("GET", "/t/v2.0/keys")) == "/{tenant}/v2.0/keys");
    CHECK(pattern_of(router.find("GET", "/a/v2.0/other")) == "/{account}/{container}/{blob*}");
    CHECK(pattern_of(router.find("GET", "/runs/r1")) == "/runs/{run}");
}

TEST_CASE("a known first segment is never taken for a parameter") {
    Router router;
    add(router, "GET", "/{account}/{container}/{blob*}");
    add(router, "GET", "/subscriptions/{subscription}");
    CHECK(router.find("GET", "/subscriptions/s/unknown/thing").route == nullptr);
}

TEST_CASE("a tail keeps empty and dotted segments as they are") {
    Router router;
    add(router, "PUT", "/{account}/{blob*}");
    const auto match = router.find("PUT", "/acc/a//b/../c%2Fd");
    REQUIRE(match.route != nullptr);
    CHECK(match.params.at("blob") == "a//b/../c/d");
}

TEST_CASE("HEAD falls back to GET and other methods are listed as allowed") {
    Router router;
    add(router, "GET", "/things/{thing}");
    add(router, "PUT", "/things/{thing}");
    CHECK(pattern_of(router.find("HEAD", "/things/1")) == "/things/{thing}");
    const auto match = router.find("DELETE", "/things/1");
    CHECK(match.route == nullptr);
    CHECK(match.allowed == std::vector<std::string>{"GET", "PUT"});
    CHECK(router.find("GET", "/other").allowed.empty());
}

TEST_CASE("the same route twice and a pattern behind its tail are programmer errors") {
    Router router;
    add(router, "GET", "/a/{b}");
    CHECK_THROWS_AS(add(router, "GET", "/a/{c}"), Error);
    CHECK_THROWS_AS(add(router, "GET", "/a/{b*}/c"), Error);
    CHECK_THROWS_AS(add(router, "GET", "a"), Error);
}

}  // namespace aml::emulator::router_test
