#include "support/trace.hpp"

#include "support/error.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <optional>
#include <sstream>

using namespace aml;

TEST_CASE("a trace is a list of spans, of which those that overlap have rows of their own") {
    const test::TemporaryDirectory directory;
    const auto file = (directory.path() / "trace.json").string();
    {
        const auto trace = Trace::to_file(file);
        const auto outer = trace.span("outer");
        { const auto inner = trace.span("inner"); }
        const auto next = trace.span("next");
    }
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    // The last comma is allowed by the format, but not by JSON.
    auto body = text.str();
    body.erase(body.rfind(','));
    const auto events = nlohmann::json::parse(body + "]");
    REQUIRE(events.size() == 3);
    CHECK(events[0]["name"] == "inner");
    CHECK(events[0]["tid"] == 2);
    CHECK(events[1]["name"] == "next");
    CHECK(events[1]["tid"] == 2);
    CHECK(events[2]["name"] == "outer");
    CHECK(events[2]["tid"] == 1);
    CHECK(events[2]["dur"] >= events[0]["dur"]);
}

TEST_CASE("a trace that goes nowhere costs nothing, one that cannot be written says so") {
    const Trace none;
    { const auto span = none.span("x"); }
    CHECK_THROWS_WITH_AS(Trace::to_file("/nowhere/t.json"),
                         "Cannot write the trace /nowhere/t.json: No such file or directory.",
                         Error);
}
