#include "runconfig/text.hpp"

#include <doctest/doctest.h>

using namespace aml::runconfig;

TEST_CASE("positions count UTF-16 units and know all three line ends") {
    // é is two bytes and one unit, 😀 four bytes and two units.
    const TextIndex index("aé😀b\r\nx\ry\nz");
    CHECK(index.position(0) == Position{0, 0});
    CHECK(index.position(1) == Position{0, 1});
    CHECK(index.position(3) == Position{0, 2});
    CHECK(index.position(7) == Position{0, 4});
    CHECK(index.position(10) == Position{1, 0});
    CHECK(index.position(12) == Position{2, 0});
    CHECK(index.position(14) == Position{3, 0});
    CHECK(index.position(99) == Position{3, 1});
}

TEST_CASE("offsets invert positions, and positions outside the text are clamped") {
    const TextIndex index("aé😀b\r\nx");
    CHECK(index.offset({0, 2}) == 3);
    CHECK(index.offset({0, 4}) == 7);
    CHECK(index.offset({0, 99}) == 8);
    CHECK(index.offset({1, 0}) == 10);
    CHECK(index.offset({9, 0}) == 11);
    for (const std::size_t offset : {0U, 1U, 3U, 7U, 8U, 10U, 11U}) {
        CHECK(index.offset(index.position(offset)) == offset);
    }
}

TEST_CASE("malformed UTF-8 counts one character for each stray byte") {
    const TextIndex index(std::string("\xFF\xC3z", 3));
    CHECK(index.position(3) == Position{0, 3});
    CHECK(index.offset({0, 2}) == 2);
}

TEST_CASE("edits of one change apply in turn") {
    const std::vector<TextEdit> edits{
        {{{0, 0}, {0, 1}}, "héllo"}, {{{0, 5}, {0, 5}}, "\nline"}, {{{1, 0}, {1, 1}}, "L"}};
    CHECK(apply_in_turn("x", edits) == "héllo\nLine");
}
