#include "azure/json_fields.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace aml::azure;
using nlohmann::json;
using std::chrono::milliseconds;

TEST_CASE("times are read with seven digits, Z, an offset, or neither") {
    const auto base = *parse_time("2026-01-01T08:04:15Z");
    CHECK(base.time_since_epoch() == std::chrono::seconds(1'767'254'655));
    CHECK(parse_time("2026-01-01T08:04:15.0159489+00:00") == base + milliseconds(15));
    CHECK(parse_time("2026-01-01T08:04:15.5") == base + milliseconds(500));
    CHECK(parse_time("2026-01-01T10:34:15+02:30") == base);
    CHECK(parse_time("2026-01-01T03:04:15-0500") == base);
    CHECK(parse_time("2026-01-01 08:04:15Z") == base);
    CHECK(format_time(base + milliseconds(7)) == "2026-01-01T08:04:15.007Z");
}

TEST_CASE("text that is no time reads as none") {
    for (const auto* text : {"",
                             "yesterday",
                             "2026-13-01T00:00:00Z",
                             "2026-02-30T00:00:00Z",
                             "2026-01-01",
                             "2026-01-01T08:04Z",
                             "2026-01-01T08:04:15.Z",
                             "2026-01-01T08:04:15Zx",
                             "2026-01-01T25:00:00Z"}) {
        CHECK_FALSE(parse_time(text));
    }
}

TEST_CASE("durations are read in both forms") {
    CHECK(parse_duration("PT120S") == std::chrono::seconds(120));
    CHECK(parse_duration("PT1H30M") == std::chrono::minutes(90));
    CHECK(parse_duration("P1DT2H") == std::chrono::hours(26));
    CHECK(parse_duration("PT0.5S") == milliseconds(500));
    CHECK(parse_duration("00:02:04.7583386") == milliseconds(124'758));
    CHECK(parse_duration("1.02:03:04") == std::chrono::seconds(93'784));
    CHECK(parse_duration("-00:00:01") == milliseconds(-1000));
    CHECK(format_duration(std::chrono::seconds(120)) == "PT120S");
    for (const auto* text : {"", "P", "PT", "PT5", "5 minutes", "1:2", "12:3:04", "PT1S2"})
        CHECK_FALSE(parse_duration(text));
}

TEST_CASE("absent, null and wrongly typed members read as not there") {
    const auto object = json::parse(
        R"({"a":null,"n":3,"s":"12","f":1.5,"b":true,"o":{"x":{"y":"z"}},"t":{"k":"v","q":1,"z":null,"l":[]}})");
    CHECK(text(object, "a") == "");
    CHECK(text(object, "missing") == "");
    CHECK(text(object, "o") == "");
    CHECK(text(object, "n") == "3");
    CHECK(text(object, "b") == "true");
    CHECK(integer(object, "n") == 3);
    CHECK(integer(object, "s") == 12);
    CHECK(number(object, "f") == 1.5);
    CHECK_FALSE(integer(object, "o"));
    CHECK_FALSE(boolean(object, "s"));
    CHECK(member(object, {"o", "x", "y"}) == "z");
    CHECK(member(object, {"o", "y", "x"}).is_null());
    CHECK(member(json(3), {"x"}).is_null());
    const std::map<std::string, std::string> expected{{"k", "v"}, {"q", "1"}};
    CHECK(text_map(object, "t") == expected);
    CHECK(text_map(object, "s").empty());
}
