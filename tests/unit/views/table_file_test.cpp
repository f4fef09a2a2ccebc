#include "views/table_file.hpp"

#include "support/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace aml;
using namespace aml::views;

namespace {

using Rows = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("a table in a file is read row by row") {
    const TableFile file("t.json", R"( {"columns": ["a", "b, ]", 3],
        "data": [[1, "x\"]", null], [0.123456789, true, {"k": [1]}],
                 [-2, "", {"type": "image", "filepath": "table_images/1.png"}]] } )");
    const auto all = file.rows(0, 10);
    CHECK(all.columns == std::vector<std::string>{"a", "b, ]", "3"});
    CHECK(all.total == 3);
    CHECK(all.rows == Rows{{"1", "x\"]", ""},
                           {"0.123457", "true", R"({"k":[1]})"},
                           {"-2", "", "table_images/1.png"}});
    CHECK(file.rows(1, 1).rows == Rows{{"0.123457", "true", R"({"k":[1]})"}});
    CHECK(file.rows(3, 10).rows.empty());
}

TEST_CASE("a table may have no rows, and an index that is not shown") {
    CHECK(TableFile("t.json", R"({"columns":["a"],"data":[]})").rows(0, 5).total == 0);
    const TableFile indexed("t.json", R"({"columns":["a"],"index":[7],"data":[[1]]})");
    CHECK(indexed.rows(0, 5).rows == Rows{{"1"}});
}

TEST_CASE("a row that is too short is filled, and one that is none is an error") {
    const TableFile file("t.json", R"({"columns":["a","b"],"data":[[1],[1,}]})");
    CHECK(file.rows(0, 1).rows == Rows{{"1", ""}});
    CHECK_THROWS_AS(file.rows(1, 1), Error);
}

TEST_CASE("what is no table says so") {
    for (const char* text : {"",
                             "{}",
                             "[1]",
                             "<html>",
                             R"({"columns": 5, "data": []})",
                             R"({"columns": ["a"], "data": [[1], [2)",
                             R"({"columns": ["a"], "data": [["never ended]]})",
                             R"({"columns": ["a"])"}) {
        CAPTURE(text);
        CHECK_THROWS_WITH_AS(
            TableFile("t.json", text), "The file t.json is no table that can be read.", Error);
    }
}

TEST_CASE("a page of a table of 100,000 rows is read alone") {
    std::string text = R"({"columns":["number"],"data":[)";
    for (int i = 0; i < 100'000; ++i) text += fmt::format("{}[{}]", i == 0 ? "" : ",", i);
    const TableFile file("t.json", text + "]}");
    const auto last = file.rows(99'999, 25);
    CHECK(last.total == 100'000);
    CHECK(last.rows == Rows{{"99999"}});
}
