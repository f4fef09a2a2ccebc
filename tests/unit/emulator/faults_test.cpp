#include "web/faults.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

namespace aml::emulator::faults_test {

namespace {

std::string complaint(std::string_view text) {
    return aml::test::error_of([&] { Faults::parse(text, "rules.json"); }).message();
}

int count_hits(Faults& faults, int requests) {
    int hits = 0;
    for (int i = 0; i < requests; ++i) hits += faults.match("GET", "/a").has_value() ? 1 : 0;
    return hits;
}

}  // namespace

TEST_CASE("route patterns match whole paths without regard to case") {
    CHECK(matches_route("/subscriptions/*/jobs/*", "/SUBSCRIPTIONS/s/jobs/j1"));
    CHECK_FALSE(matches_route("/subscriptions/*/jobs/*", "/subscriptions/s/x/jobs/j1"));
    CHECK(matches_route("**/jobs/*", "/subscriptions/s/x/jobs/j1"));
    CHECK_FALSE(matches_route("**/jobs/*", "/subscriptions/s/jobs/j1/cancel"));
    CHECK(matches_route("**", ""));
    CHECK_FALSE(matches_route("", "/a"));
}

TEST_CASE("a rule fires after some requests and so many times") {
    auto faults = Faults::parse(
        R"({"rules":[{"route":"/a","method":"get","status":503,"after":2,"times":3}]})", "");
    CHECK(count_hits(faults, 2) == 0);
    CHECK(count_hits(faults, 10) == 3);
    CHECK_FALSE(faults.match("PUT", "/a"));
}

TEST_CASE("the first rule that fires decides") {
    auto faults = Faults::parse(
        R"({"rules":[{"route":"/a","status":500,"times":1},{"route":"**","status":429,"headers":{"Retry-After":"7"}}]})",
        "");
    CHECK(faults.match("GET", "/a")->status == 500);
    const auto second = faults.match("GET", "/a");
    CHECK(second->status == 429);
    CHECK(second->headers.get("retry-after") == "7");
}

TEST_CASE("probability is seeded and repeats") {
    const auto text = R"({"seed":42,"rules":[{"route":"**","reset":true,"probability":0.3}]})";
    auto first = Faults::parse(text, "");
    auto second = Faults::parse(text, "");
    const int hits = count_hits(first, 1000);
    CHECK(hits > 200);
    CHECK(hits < 400);
    CHECK(count_hits(second, 1000) == hits);
}

TEST_CASE("each kind of fault is read, and names itself") {
    const std::pair<const char*, const char*> rows[] = {
        {R"("status":503)", "status 503"},
        {R"("status":429,"retryAfterDate":2)", "status 429 with a date"},
        {R"("reset":true)", "reset"},
        {R"("reset":true,"stage":"after")", "reset after"},
        {R"("truncate":true)", "truncate"},
        {R"("cut":true)", "cut"},
        {R"("trickleMs":300)", "trickle"},
        {R"("expired":true)", "expired"},
        {R"("delayMs":5)", "delay"},
    };
    for (const auto& [keys, kind] : rows) {
        auto faults = Faults::parse(std::string(R"({"rules":[{"route":"**",)") + keys + "}]}", "");
        CHECK(faults.match("GET", "/a")->kind() == kind);
    }
    CHECK(Faults::parse(R"({"clockSkewMs":-1500,"rules":[]})", "").clock_skew() ==
          std::chrono::milliseconds(-1500));
}

TEST_CASE("what is wrong with a rule is said with its place") {
    CHECK(complaint("{").find("rules.json: it is not JSON") == 0);
    CHECK(complaint("[]").find("\"rules\"") != std::string::npos);
    CHECK(complaint(R"({"rules":[{"status":500}]})").find("rule 1: \"route\" is missing") !=
          std::string::npos);
    CHECK(complaint(R"({"rules":[{"route":"*","stat":500}]})").find("unknown key \"stat\"") !=
          std::string::npos);
    CHECK(complaint(R"({"rules":[{"route":"*","status":99}]})").find("200 to 599") !=
          std::string::npos);
    CHECK(complaint(R"({"rules":[{"route":"*","status":500,"reset":true}]})").find("choose one") !=
          std::string::npos);
    CHECK(complaint(R"({"rules":[{"route":"*"}]})").find("does nothing") != std::string::npos);
    CHECK(complaint(R"({"rules":[{"route":"*","reset":true,"body":"x"}]})")
              .find("need a \"status\"") != std::string::npos);
    CHECK(complaint(R"({"rules":[{"route":"*","reset":true,"cut":true}]})").find("choose one") !=
          std::string::npos);
    CHECK(complaint(R"({"rules":[{"route":"*","reset":true,"retryAfterDate":1}]})")
              .find("need a \"status\"") != std::string::npos);
    CHECK(complaint(R"({"clockSkewMs":"1 h","rules":[]})").find("clockSkewMs") !=
          std::string::npos);
    CHECK(complaint(R"({"rules":[{"route":"*","delayMs":-1}]})").find("delayMs") !=
          std::string::npos);
    CHECK(complaint(R"({"rules":[{"route":"*","status":500,"probability":2}]})")
              .find("probability") != std::string::npos);
    CHECK(
        complaint(R"({"rules":[{"route":"*","truncate":true,"stage":"before"}]})").find("stage") !=
        std::string::npos);
}

}  // namespace aml::emulator::faults_test
