#include "runconfig/characters.hpp"

#include <doctest/doctest.h>

using namespace aml::runconfig;

TEST_CASE("only ASCII letters are lowered") {
    CHECK(lower("Azure-ML_2") == "azure-ml_2");
    CHECK(lower("ÄÖ") == "ÄÖ");
    CHECK(lower('Z') == 'z');
}

TEST_CASE("words are compared without regard to case") {
    CHECK(equals_ignoring_case("ReadOnlyMount", "readonlymount"));
    CHECK(equals_ignoring_case("", ""));
    CHECK_FALSE(equals_ignoring_case("mount", "mounts"));
    CHECK_FALSE(equals_ignoring_case("Ä", "ä"));
}

TEST_CASE("blanks and line ends around a text are left out") {
    CHECK(trimmed(" \t a b\r\n") == "a b");
    CHECK(trimmed("a") == "a");
    CHECK(trimmed(" \r\n").empty());
}
