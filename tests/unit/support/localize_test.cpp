#include "support/localize.hpp"

#include "support/chinese.hpp"
#include "support/variables.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace aml;

TEST_CASE("tags and locales of Simplified Chinese are recognised, others mean English") {
    for (const auto* tag :
         {"zh", "zh-cn", "zh-CN", "zh-Hans", "zh-hans-cn", "zh-SG", "zh_CN.UTF-8", "zh_CN.utf8"}) {
        CAPTURE(tag);
        CHECK(language_named(tag) == Language::SimplifiedChinese);
    }
    for (const auto* tag : {"", "en", "C", "POSIX", "de", "zh-tw", "zh-Hant", "zhx", "zh_CN.GBK"}) {
        CAPTURE(tag);
        CHECK(language_named(tag) == Language::English);
    }
}

TEST_CASE("a terminal takes the first locale variable that is set") {
    const test::Variables none{
        {"LC_ALL", std::nullopt}, {"LC_MESSAGES", std::nullopt}, {"LANG", std::nullopt}};
    CHECK(terminal_language() == Language::English);
    test::set_variable("LANG", "zh_CN.UTF-8");
    CHECK(terminal_language() == Language::SimplifiedChinese);
    test::set_variable("LC_MESSAGES", "C");
    CHECK(terminal_language() == Language::English);
    test::set_variable("LC_ALL", "zh_CN.UTF-8");
    CHECK(terminal_language() == Language::SimplifiedChinese);
}

TEST_CASE("in English a text is its own key") {
    CHECK(localize("Expected a comma here.") == "Expected a comma here.");
    CHECK(localize("The folder “{}” is empty.", "dev") == "The folder “dev” is empty.");
    CHECK(language_tag() == "en");
}

TEST_CASE("in Chinese a text is translated and keeps its English original") {
    const test::Chinese chinese;
    const auto text = localize("The folder “{}” is empty.", "dev");
    CHECK(text == "文件夹“dev”为空。");
    CHECK(text.english() == "The folder “dev” is empty.");
    CHECK(language_tag() == "zh-cn");
}

TEST_CASE("a translation may take its arguments in another order") {
    const test::Chinese chinese;
    CHECK(localize("There is no “{}” in the code folder “{}”.", "a.py", "src") ==
          "代码文件夹“src”中没有“a.py”。");
}

TEST_CASE("a localized argument is English in the original and translated in what is shown") {
    const test::Chinese chinese;
    const auto text = localize("Expected {}, found {}.", localize("a list"), 7);
    CHECK(text == "应为列表，实际为7。");
    CHECK(text.english() == "Expected a list, found 7.");
}

TEST_CASE("a text of a table is translated when it is shown, and its braces mean themselves") {
    constexpr auto doc = Localizable("The default.");
    CHECK(localize(doc) == "The default.");
    CHECK(localize(Localizable("{inputs}")) == "{inputs}");
    const test::Chinese chinese;
    CHECK(localize(doc) == "默认。");
}

TEST_CASE("a text that no bundle has is shown in English") {
    const test::Chinese chinese;
    const auto text = localize("Nobody says {} of {}", localize("a list"), "dev");
    CHECK(text == "Nobody says 列表 of dev");
    CHECK(text.english() == "Nobody says a list of dev");
}

TEST_CASE("sentences follow each other as the language has it") {
    const LocalizedText none;
    CHECK(sentences(LocalizedText("One."), LocalizedText("Two.")) == "One. Two.");
    CHECK(sentences(LocalizedText("One."), none) == "One.");
    CHECK(alternatives({LocalizedText("a"), LocalizedText("b"), LocalizedText("c")}) ==
          "a or b or c");
    const test::Chinese chinese;
    CHECK(sentences(LocalizedText("一。"), LocalizedText("二。")) == "一。二。");
    CHECK(alternatives({LocalizedText("甲"), LocalizedText("乙")}) == "甲或乙");
}
