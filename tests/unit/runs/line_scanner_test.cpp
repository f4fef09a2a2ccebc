#include "runs/line_scanner.hpp"

#include "support/error.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <utility>
#include <vector>

using namespace aml;
using namespace aml::runs;

namespace {

/// What is found in a log that comes in pieces of `size` bytes.
std::vector<FoundLine> found(LinePattern pattern, std::string_view log, std::size_t size) {
    LineScanner scanner(std::move(pattern));
    std::vector<FoundLine> lines;
    const auto add = [&lines](std::vector<FoundLine> more) {
        std::move(more.begin(), more.end(), std::back_inserter(lines));
    };
    for (std::size_t at = 0; at < log.size(); at += size) add(scanner.scan(log.substr(at, size)));
    add(scanner.finish());
    return lines;
}

LinePattern plain(std::string text) {
    return LinePattern::text(std::move(text), LetterCase::Matters);
}

}  // namespace

TEST_CASE("lines are found with their numbers and places, however the log is cut") {
    const std::string log = "one\ntwo loss\n\nthree\nloss four\nlos\nend loss";
    const std::vector<FoundLine> expected{
        {2, 4, "two loss"}, {5, 20, "loss four"}, {7, 34, "end loss"}};
    for (std::size_t size = 1; size <= log.size(); ++size) {
        CAPTURE(size);
        CHECK(found(plain("loss"), log, size) == expected);
        CHECK(found(LinePattern::regex("l.ss", LetterCase::Matters), log, size) == expected);
        CHECK(found(LinePattern::regex("lo[s]{2}", LetterCase::Matters), log, size) == expected);
    }
    CHECK(found(plain("x"), "", 1).empty());
    CHECK(found(plain("\n"), "a\nb\n", 9).empty());
    CHECK(found(LinePattern::regex("^$", LetterCase::Matters), "a\n\n", 9) ==
          std::vector<FoundLine>{{2, 2, ""}});
    CHECK(found(plain("a"), "aaa\naa", 9) == std::vector<FoundLine>{{1, 0, "aaa"}, {2, 4, "aa"}});
}

TEST_CASE("lines are searched as they are shown") {
    const std::string log =
        "\x1B[31mlo\x1B[0mss\r\n"
        "10 %\r50 % loss\r100 %\n"
        "loss\xFF\n";
    CHECK(found(plain("loss"), log, 7) ==
          std::vector<FoundLine>{{1, 0, "loss"}, {3, 36, "loss\xEF\xBF\xBD"}});
    CHECK(found(plain("100 %"), log, 7) == std::vector<FoundLine>{{2, 15, "100 %"}});
}

TEST_CASE("a line without an end takes little memory and has one number") {
    const std::string start(1U << 20U, 'x');
    const auto lines = found(plain("loss"), start + "loss" + start + "\nloss\n", 1U << 16U);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].number == 1);
    CHECK(lines[0].text.size() < 2100);
    CHECK(lines[1].number == 2);
    CHECK(lines[1].offset == 2 * start.size() + 5);
}

TEST_CASE("what people type says how it is meant") {
    const auto finds = [](const char* typed, std::string_view line) {
        return LinePattern::typed(typed).matches(line);
    };
    CHECK(finds("Loss", "LOSS=1"));
    CHECK(finds("l.ss", "l.SS"));
    CHECK_FALSE(finds("l.ss", "loss"));
    CHECK(finds("/l.ss/", "loss"));
    CHECK_FALSE(finds("/l.ss/", "LOSS"));
    CHECK(finds("/l.ss/i", "LOSS"));
    CHECK(finds("/", "a/b"));
    CHECK(finds("a/b/i", "A/B/I"));
    CHECK(finds("/dev/shm", "no space in /dev/shm"));
    const auto error = test::error_of([] { LinePattern::typed(""); });
    CHECK(error.message() == "Say which text to search for.");
    CHECK(test::error_of([] { LinePattern::typed("/(/"); }).kind() == ErrorKind::Rejected);
}
