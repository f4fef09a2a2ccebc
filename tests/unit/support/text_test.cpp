#include "support/text.hpp"

#include "support/json.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace aml;

TEST_CASE("only ASCII letters are lowered") {
    CHECK(lower("Azure-ML_2") == "azure-ml_2");
    CHECK(lower("ÄÖ") == "ÄÖ");
    CHECK(lower('Z') == 'z');
}

TEST_CASE("names are compared without regard to case") {
    CHECK(same_name("ReadOnlyMount", "readonlymount"));
    CHECK(same_name("", ""));
    CHECK_FALSE(same_name("mount", "mounts"));
    CHECK_FALSE(same_name("Ä", "ä"));
}

TEST_CASE("blanks and line ends around a text are left out") {
    CHECK(trimmed(" \t a b\r\n") == "a b");
    CHECK(trimmed("a") == "a");
    CHECK(trimmed(" \r\n").empty());
}

TEST_CASE("a member of an object is a text or nothing") {
    const nlohmann::json object{{"text", "a"}, {"number", 1}};
    CHECK(text_member(object, "text") == "a");
    CHECK(text_member(object, "number") == std::nullopt);
    CHECK(text_member(object, "absent") == std::nullopt);
    CHECK(text_member(nlohmann::json::array(), "text") == std::nullopt);
    CHECK(text_of(object, "text") == "a");
    CHECK(text_of(object, "number").empty());
}

TEST_CASE("sizes read as people write them") {
    CHECK(human_size(0) == "0 B");
    CHECK(human_size(999) == "999 B");
    CHECK(human_size(1500) == "1.5 KB");
    CHECK(human_size(30'540'000) == "30.5 MB");
    CHECK(human_size(999'990) == "1.0 MB");
    CHECK(human_size(1'200'000'000) == "1.2 GB");
}
