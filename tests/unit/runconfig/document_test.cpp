#include "runconfig/document.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace aml::runconfig;

namespace {

struct Case {
    std::string text;
    /// What is understood nevertheless.
    const char* value;
    /// Bytes and beginnings of the messages.
    std::vector<std::pair<std::size_t, std::string>> problems;
};

const std::vector<Case> cases{
    {R"({"a": 1, "b": [true, null, "x"]})", R"({"a":1,"b":[true,null,"x"]})", {}},
    {"", "null", {{0, "The file is empty"}}},
    {"// note\n{\"a\": 1 /* why */ }",
     R"({"a":1})",
     {{0, "JSON has no comments"}, {16, "JSON has no comments"}}},
    {"{\"a\": 1, # note\n \"b\": 2}", R"({"a":1,"b":2})", {{9, "JSON has no comments"}}},
    {R"({"a": [1, 2,],})",
     R"({"a":[1,2]})",
     {{11, "Remove this comma"}, {13, "Remove this comma"}}},
    {R"({"a": 1 "b": 2})", R"({"a":1,"b":2})", {{7, "Expected a comma"}}},
    {R"({"a": , "b": 2})", R"({"a":null,"b":2})", {{1, "Expected a value for \"a\""}}},
    {"{\"a\":\n\"b\": 2}",
     R"({"a":null,"b":2})",
     {{1, "Expected a value for \"a\""}, {5, "Expected a comma"}}},
    {R"({"a", "b": 2})", R"({"a":null,"b":2})", {{1, "Expected “:” and a value after \"a\""}}},
    {R"({"a" "x", "b": 2})", R"({"a":"x","b":2})", {{4, "Expected “:” between \"a\""}}},
    {R"({"a" "b": 2})",
     R"({"a":null,"b":2})",
     {{1, "Expected “:” and a value after \"a\""}, {5, "Expected a comma"}}},
    {R"({"a": 1)", R"({"a":1})", {{0, "This bracket is never closed"}}},
    {R"({"a": [1, 2)",
     R"({"a":[1,2]})",
     {{0, "This bracket is never closed"}, {6, "This bracket is never closed"}}},
    {R"({"a": [1, 2}, "b": 3)",
     R"({"a":[1,2]})",
     {{6, "This bracket is never closed"}, {12, "Unexpected text after"}}},
    {R"({"a": 1]})", R"({"a":1})", {{7, "Unexpected “]”"}}},
    {R"({"a": 1, "a": 2})", R"({"a":2})", {{9, "\"a\" is here twice"}}},
    {R"({a: 1})", R"({"a":1})", {{1, "Put the key in double quotes"}}},
    {R"({'a': 'x'})", R"({"a":"x"})", {{1, "Use double quotes"}, {6, "Use double quotes"}}},
    {R"({"a": yes})", R"({"a":"yes"})", {{6, "Put text in double quotes: \"yes\""}}},
    {R"({"a": 01})", R"({"a":"01"})", {{6, "“01” is not a number"}}},
    {R"({"a": 1.5e-3})", R"({"a":0.0015})", {}},
    {"{\"a\": \"open\n}", R"({"a":"open"})", {{6, "This text is never closed"}}},
    {R"({"a": "\q"})", R"({"a":"\\q"})", {{7, "Unknown escape"}}},
    {R"({"a": "\ud83d\ude00"})", "{\"a\":\"😀\"}", {}},
    {R"({"a": "\ud83d"})", "{\"a\":\"\xEF\xBF\xBD\"}", {{7, "Half a character"}}},
    {"{\"a\": \"\xFF\"}", "{\"a\":\"\xEF\xBF\xBD\"}", {{7, "This byte is not UTF-8"}}},
    {"{\"a\": \"x\ty\"}", R"({"a":"x\ty"})", {{8, "A control character"}}},
    {R"({} x)", "{}", {{3, "Unexpected text after"}}},
    {"\xEF\xBB\xBF{}", "{}", {}},
    {"{:}", "{}", {{1, "Unexpected"}}},
    {"[:]", "[null]", {{1, "Expected a value"}, {1, "Expected a comma"}}},
};

}  // namespace

TEST_CASE("a document is read around its faults, which are reported where they are") {
    for (const auto& example : cases) {
        CAPTURE(example.text);
        std::string found;
        const Document document(example.text);
        CHECK(to_json(document.root()) == nlohmann::json::parse(example.value));
        for (const auto& problem : document.problems()) {
            found += std::to_string(problem.span.begin) + " " + problem.message + "\n";
        }
        CAPTURE(found);
        REQUIRE(document.problems().size() == example.problems.size());
        for (std::size_t i = 0; i < example.problems.size(); ++i) {
            CHECK(document.problems()[i].span.begin == example.problems[i].first);
            CHECK(document.problems()[i].message.starts_with(example.problems[i].second));
        }
    }
}

TEST_CASE("every prefix of a document is read, and its values keep their places") {
    const std::string text =
        "{ \"a\": { \"b\": [1, { \"c\": \"d\\n\" }] }, // x\n \"e\": -1.5, \"f\": true }";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const Document document(text.substr(0, length));
        CHECK(document.root().span.end <= length);
        for (const auto& problem : document.problems()) CHECK(problem.span.end <= length + 1);
    }
    const Document whole(text);
    const auto* deep = whole.at({"a", "b", "1", "c"});
    REQUIRE(deep != nullptr);
    CHECK(text.substr(deep->span.begin, deep->span.end - deep->span.begin) == "\"d\\n\"");
    CHECK(whole.at({"a", "b", "7"}) == nullptr);
}

TEST_CASE("nesting without end is refused, not followed") {
    const Document document(std::string(100'000, '[') + "1");
    REQUIRE_FALSE(document.problems().empty());
    const std::string deep =
        "{\"x\": " + std::string(70, '[') + std::string(70, ']') + ", \"y\": 1}";
    const Document read(deep);
    CHECK(read.root().find("y") != nullptr);
    CHECK(read.problems().size() == 1);
}

namespace {

struct CursorCase {
    /// `|` is the cursor.
    std::string text;
    std::vector<std::string> container;
    Cursor::Place place;
    const char* key;
    const char* replaced;
};

const std::vector<CursorCase> cursor_cases{
    {R"({ | })", {}, Cursor::Place::Key, "", ""},
    {R"({ "com|" })", {}, Cursor::Place::Key, "com", "\"com\""},
    {R"({ "compute": | })", {}, Cursor::Place::Value, "compute", ""},
    {R"({ "compute": "azureml:c|" })", {}, Cursor::Place::Value, "compute", "\"azureml:c\""},
    {"{ \"a\": 1,\n  | }", {}, Cursor::Place::Key, "", ""},
    {R"({ "environment": { "im|" } })", {"environment"}, Cursor::Place::Key, "im", "\"im\""},
    {R"({ "environment": { "image": | } })", {"environment"}, Cursor::Place::Value, "image", ""},
    {R"({ "resources": { "locations": [ "a", | ] } })",
     {"resources", "locations"},
     Cursor::Place::Value,
     "1",
     ""},
    {R"(|{ })", {}, Cursor::Place::Elsewhere, "", ""},
    {"{ \"distribution\": { \"type\": \"py|\n",
     {"distribution"},
     Cursor::Place::Value,
     "type",
     "\"py"},
};

}  // namespace

TEST_CASE("the cursor knows the container, the key and what is replaced") {
    for (const auto& example : cursor_cases) {
        std::string text = example.text;
        CAPTURE(text);
        const auto offset = text.find('|');
        text.erase(offset, 1);
        const Document document(text);
        const auto cursor = document.cursor(offset);
        CHECK(cursor.container == example.container);
        CHECK(cursor.place == example.place);
        CHECK(cursor.key == example.key);
        CHECK(text.substr(cursor.replace.begin, cursor.replace.end - cursor.replace.begin) ==
              example.replaced);
    }
}
