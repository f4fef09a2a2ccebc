#include "support/error.hpp"
#include "support/error_of.hpp"
#include "support/regex_matcher.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;

namespace {

bool matches(std::string_view expression,
             std::string_view line,
             LetterCase letter_case = LetterCase::Matters) {
    RegexMatcher matcher(compile_regex(expression, letter_case));
    const bool first = matcher.matches(line);
    // What is known by then says the same.
    CHECK(matcher.matches(line) == first);
    return first;
}

}  // namespace

TEST_CASE("a regular expression matches what Python's does") {
    struct Case {
        std::string expression;
        std::vector<std::string> lines;
        std::vector<std::string> others;
    };

    const std::vector<Case> cases{
        {"loss", {"loss", "a loss b"}, {"los", "lo ss", ""}},
        {"^step \\d+$", {"step 1", "step 123"}, {"a step 1", "step 1 ", "step"}},
        {"a|bc|", {"x", "a"}, {}},
        {"(nan|inf)\\b", {"loss nan", "-inf,"}, {"nano", "info"}},
        {"\\bnan\\b", {"nan", "a nan.", "(nan)"}, {"nano", "anan", "nané"}},
        {"\\Bnan", {"xnan"}, {"nan", " nan"}},
        {"x{3}", {"xxx", "axxxx"}, {"xx"}},
        {"^x{2,3}$", {"xx", "xxx"}, {"x", "xxxx"}},
        {"^x{2,}$", {"xx", "xxxxx"}, {"x"}},
        {"a{,b", {"a{,b"}, {"ab"}},
        {"^(ab)*$", {"", "ab", "abab"}, {"a", "aba"}},
        {"^(a*)*b$", {"b", "aaab"}, {"aaa"}},
        {"^[^,]+,[a-c]?$", {"x,", "é,b"}, {",", "x,d"}},
        {"^[]a-]+$", {"]", "a-]"}, {"b"}},
        {"^.$", {"a", "é", "数", "😀"}, {"", "ab", "数据"}},
        {"^[а-я]+$", {"привет"}, {"Привет", "hello"}},
        {"^[^а-я]$", {"a", "數", "\xF0\x9F\x98\x80"}, {"ж"}},
        {"^\\w+\\s\\S+\\W\\D$", {"a_1 b.c"}, {"a_1b.c", "a b.1"}},
        {"\\x41\\u00e9\\t", {"Aé\t"}, {"Aé "}},
        {"a\\.b\\\\\\(", {"a.b\\("}, {"axb\\("}},
        {"(?:a|b)(?P<name>c)(?<other>d)", {"acd", "bcd"}, {"cd"}},
        {"a+?b*?c??$", {"aabbc", "a"}, {"b"}},
        {"(?i)Error", {"ERROR", "error"}, {"eror"}},
    };
    for (const auto& example : cases) {
        CAPTURE(example.expression);
        for (const auto& line : example.lines) {
            CAPTURE(line);
            CHECK(matches(example.expression, line));
        }
        for (const auto& line : example.others) {
            CAPTURE(line);
            CHECK_FALSE(matches(example.expression, line));
        }
    }
    CHECK(matches("[a-c]X|ß", "Bx", LetterCase::Ignored));
    CHECK(matches("[a-c]X|ß", "ß", LetterCase::Ignored));
    CHECK_FALSE(matches("[a-c]X", "dx", LetterCase::Ignored));
    // No expression takes long, not even one that makes others go back for ever.
    CHECK_FALSE(matches("^(a+)+$", std::string(100'000, 'a') + "b"));
}

TEST_CASE("of what a matcher knows it forgets enough") {
    // Each of the last twelve bytes is remembered: far more places than are kept.
    RegexMatcher matcher(compile_regex("a.{12}c", LetterCase::Matters));
    std::uint32_t bits = 1;
    std::string line;
    for (int i = 0; i < 20'000; ++i) {
        bits = bits * 1664525 + 1013904223;
        line += (bits >> 31U) == 0 ? 'a' : 'b';
        if (line.size() == 200) {
            CHECK_FALSE(matcher.matches(line));
            CHECK(matcher.matches(line + "abbbbbbbbbbbbc"));
            line.clear();
        }
    }
}

TEST_CASE("a text that stands in all matches is found for those who search fast") {
    const auto literal = [](const char* expression) {
        return compile_regex(expression, LetterCase::Matters).literal;
    };
    CHECK(literal("loss=\\d+") == "loss=");
    CHECK(literal("\\d+ of 数据") == " of 数据");
    CHECK(literal("ab*c") == "a");
    CHECK(literal("ab|c").empty());
    CHECK(literal("\\d+").empty());
    CHECK(compile_regex("(?i)Loss.", LetterCase::Matters).literal == "Loss");
}

TEST_CASE("what cannot be read in a regular expression is said") {
    const auto refused = [](const std::string& expression) {
        const auto error = test::error_of([&] { compile_regex(expression, LetterCase::Matters); });
        CHECK(error.kind() == ErrorKind::Rejected);
        return error.message();
    };
    CHECK(
        refused("(a") ==
        "The regular expression (a is not complete: a (, a [ or a \\ has no end. Write \\(, \\[ or "
        "\\\\ for the character itself.");
    CHECK(refused("[a") == refused("[a"));
    CHECK(refused("a)") ==
          "In the regular expression a) there is a ) without a (. Write \\) for the character "
          "itself.");
    CHECK(refused("*a") ==
          "In the regular expression *a nothing stands before a * that it could repeat. Write \\* "
          "for the character itself.");
    CHECK(refused("(?=a)") ==
          "The regular expression (?=a) has (?=, which is not known here. Groups that look around "
          "and references back cannot be used.");
    for (const char* expression : {"(?<!a)", "\\1", "\\p", "a\\", "[z-a]", "\\xg1"}) {
        CAPTURE(expression);
        CHECK_FALSE(refused(expression).empty());
    }
    for (const char* expression : {"a{1001}", "a{3,2}", "(((a{1000}){1000}){1000}){1000}"}) {
        CAPTURE(expression);
        CHECK(refused(expression).find("is too large") != std::string::npos);
    }
    CHECK(refused(std::string(200, '(')).find("is too large") != std::string::npos);
    CHECK(refused("\xFF") == "The regular expression is no text in UTF-8.");
}
