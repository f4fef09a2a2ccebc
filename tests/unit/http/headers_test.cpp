#include "http/headers.hpp"

#include <doctest/doctest.h>

using namespace aml;

TEST_CASE("header names compare without regard to case and keep their order") {
    http::Headers headers{{"Content-Type", "text/plain"}, {"X-A", "1"}};
    headers.set("content-type", "application/json");
    CHECK(headers.get("CONTENT-TYPE") == "application/json");
    CHECK(headers.begin()->first == "Content-Type");
    headers.remove("x-a");
    CHECK_FALSE(headers.contains("X-A"));
}
