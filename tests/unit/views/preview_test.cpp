#include "views/preview.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml::views;

TEST_CASE("a text is shown up to a limit, without half a character at its end") {
    const auto whole = preview_of("a.csv", "a,b\n1,ü\n", 9);
    CHECK(whole.kind == PreviewKind::Text);
    CHECK(whole.complete);
    CHECK(whole.bytes == "a,b\n1,ü\n");
    const auto cut = preview_of("a.csv", "a,b\n1,\xC3", 1000);
    CHECK(cut.kind == PreviewKind::Text);
    CHECK_FALSE(cut.complete);
    CHECK(cut.bytes == "a,b\n1,");
    CHECK(preview_of("empty.txt", "", 0).kind == PreviewKind::Text);
}

TEST_CASE("what is no text is not shown as one") {
    CHECK(preview_of("model.bin", std::string("ab\0cd", 5), 5).kind == PreviewKind::Binary);
    CHECK(preview_of("model.bin", "\xFF\xFE\xFD", 3).kind == PreviewKind::Binary);
    CHECK(preview_of("a.txt", "a\xC3", 2).kind == PreviewKind::Binary);
}

TEST_CASE("a picture is shown when it is whole") {
    const auto shown = preview_of("plots/a.PNG", "\x89PNG", 4);
    CHECK(shown.kind == PreviewKind::Image);
    CHECK(shown.media_type == "image/png");
    CHECK(preview_of("a.png", "\x89PNG", 5).kind == PreviewKind::Binary);
    CHECK(preview_limit("a.png") > preview_limit("a.txt"));
}

TEST_CASE("a text that says a chart is shown as one when it is whole") {
    const std::string text =
        R"({"schema_type":"residuals","data":{"bin_edges":[0,1],"bin_counts":[2]}})";
    const auto shown = preview_of("residuals", text, text.size());
    CHECK(shown.kind == PreviewKind::Chart);
    CHECK(shown.charts.size() == 1);
    CHECK(shown.bytes.empty());
    CHECK(preview_of("residuals", text, text.size() + 1).kind == PreviewKind::Text);
    CHECK(preview_of("a.json", "{}", 2).kind == PreviewKind::Text);
}
