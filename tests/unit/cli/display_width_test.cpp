#include "cli/display_width.hpp"

#include <doctest/doctest.h>

using namespace aml::cli;

TEST_CASE("a Chinese character takes two columns, any other letter one") {
    CHECK(display_width("") == 0);
    CHECK(display_width("abc") == 3);
    CHECK(display_width("größer") == 6);
    CHECK(display_width("█░…✓") == 4);
    CHECK(display_width("工作区") == 6);
    CHECK(display_width("运行（2）") == 9);
    CHECK(display_width("한국어 かな") == 11);
    CHECK(display_width("a🚀") == 3);
}

TEST_CASE("bytes that are no UTF-8 are columns like others") {
    CHECK(display_width("\xff\xfe") == 2);
    CHECK(display_width("a\xe5\xb7") == 3);
}

TEST_CASE("a text is cut between characters") {
    CHECK(cut_to_width("abc", 2) == "ab");
    CHECK(cut_to_width("abc", 3) == "abc");
    CHECK(cut_to_width("工作区", 6) == "工作区");
    CHECK(cut_to_width("工作区", 5) == "工作");
    CHECK(cut_to_width("a工", 1) == "a");
    CHECK(cut_to_width("工", 0) == "");
}
