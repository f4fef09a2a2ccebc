#include "runconfig/document.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace aml::runconfig;

namespace {

Document yaml(std::string text) {
    return Document(std::move(text), Syntax::Yaml);
}

struct YamlCase {
    std::string text;
    /// What is understood.
    const char* value;
    /// What the problem is written at, and the beginning of its message.
    std::vector<std::pair<std::string, std::string>> problems;
};

const std::vector<YamlCase> yaml_cases{
    {"a: 1\nb: [true, null, x]\n", R"({"a":1,"b":[true,null,"x"]})", {}},
    {"", "null", {{"", "The file is empty"}}},
    {"# only a note\n", "null", {{"", "The file is empty"}}},
    {"\xEF\xBB\xBF"
     "a: 1\r\nb: two\r\n",
     R"({"a":1,"b":"two"})",
     {}},
    {"a: |\n  one\n   two\n\nb: >-\n  one\n  two\n", R"({"a":"one\n two\n","b":"one two"})", {}},
    {"a: 'it''s'\nb: \"tab\\t\"\nc: one\n  two # note\n",
     R"({"a":"it's","b":"tab\t","c":"one two"})",
     {}},
    {"a:\nb: ~\nc: null\n", R"({"a":null,"b":null,"c":null})", {}},
    {"\"a\": {b: 1, 'c': [2, ], d: }\n", R"({"a":{"b":1,"c":[2],"d":null}})", {}},
    // Scalars, as PyYAML takes them.
    {"[yes, No, on, OFF, True, y]", R"([true,false,true,false,true,"y"])", {}},
    {"[12, -3, +4, 1_000, 0x1F, 0b101]", "[12,-3,4,1000,31,5]", {}},
    {"[0.5, .5, 1., 1.0e-3, 1e-3, 1.5e3]", R"([0.5,0.5,1.0,0.001,"1e-3","1.5e3"])", {}},
    {"[.inf, -.INF, .nan]", R"(["inf","-inf","nan"])", {}},
    {"[010, 22:30, 1:00:00]",
     "[8,1350,3600]",
     {{"010", "YAML takes “010” for the number 8."},
      {"22:30", "YAML takes “22:30” for the number 1350."},
      {"1:00:00", "YAML takes “1:00:00” for the number 3600."}}},
    {"[2024-05-01, \"1\", 'yes', 09, 1.2.3]", R"(["2024-05-01","1","yes","09","1.2.3"])", {}},
    {"[!!str 1, !!int \"2\", !!float 3.5, !!bool yes, !!null x]", R"(["1",2,3.5,true,null])", {}},
    {"a: !!int x\nb: !mine {c: 1}\n",
     R"({"a":"x","b":{"c":1}})",
     {{"x", "The tag “int” does not go with this value"},
      {"!mine ", "The tag “!mine” does not go with this value"}}},
    // Anchors.
    {"a: &x {b: 1}\nc: *x\nd: &y text\ne: [*y, *y]\n",
     R"({"a":{"b":1},"c":{"b":1},"d":"text","e":["text","text"]})",
     {}},
    {"a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", R"({"a":{"b":1,"c":2},"d":{"b":1,"c":3}})", {}},
    {"a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y], f: 4}\n",
     R"({"a":{"b":1},"c":{"b":2,"d":3},"e":{"b":1,"d":3,"f":4}})",
     {}},
    {"a: &x 1\nb: {<<: *x}\n", R"({"a":1,"b":{}})", {{"*x", "“<<” needs an alias of a mapping"}}},
    {"a: &x [*x]\n", R"({"a":[null]})", {{"*x", "“*x” stands inside of what it names"}}},
    {"a: 1\nb: *none\nc: 2\n", R"({"a":1,"c":2})", {{"*none", "Nothing above is marked"}}},
    // Faults.
    {"a: 1\na: 2\n", R"({"a":2})", {{"a", "\"a\" is here twice"}}},
    {"a: 1\ncom\nb: 2\n", R"({"a":1,"b":2})", {{"com", "Expected “:” and a value after \"com\""}}},
    {"a: 1\nb:\n  c: 2\n  com\n",
     R"({"a":1,"b":{"c":2}})",
     {{"com", "Expected “:” and a value after"}}},
    {"a: 1\n  b: 2\nc: 3\n",
     R"({"a":1,"c":3})",
     {{"b: 2", "Nothing can stand below the line above"}}},
    {"a:\n\tb: 1\nc: 2\n", R"({"a":null,"c":2})", {{"\t", "YAML does not allow tabs here"}}},
    {"a: x: y\nb: 1\n", R"({"b":1})", {{": y", "A key cannot stand here"}}},
    {"a: @x\nb: 1\n", R"({"b":1})", {{"@x", "A text cannot begin with this sign"}}},
    {"a: [1, 2\nb: 1\n", R"({"b":1})", {{"[", "This bracket is never closed: “]”"}}},
    {"a: {b: 1\nc: 2\n", R"({"c":2})", {{"{", "This bracket is never closed: “}”"}}},
    {"a: \"x\nb: 1\n", R"({"a":"x b: 1 "})", {{"\"x", "This text is never closed"}}},
    {"a: 1\n---\nb: 2\n", R"({"a":1})", {{"", "There are several documents"}}},
    {"? [a]\n: 1\nb: 2\n", R"({"":1,"b":2})", {{"[a]", "A key must be a text"}}},
};

std::string yaml_repeated(std::string_view text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

/// The bytes of every node lie in those of its parent, and the written text of a plain one is its
/// own.
void check_places(const Document& document, const Node& node) {
    for (const auto& member : node.members) {
        const Span key = member.key_span;
        CHECK(document.text().substr(key.begin, key.end - key.begin).find(member.key) !=
              std::string::npos);
        check_places(document, member.value);
    }
    for (const auto& item : node.items) check_places(document, item);
}

}  // namespace

TEST_CASE("YAML is read around its faults, which are reported where they are") {
    for (const auto& example : yaml_cases) {
        CAPTURE(example.text);
        const auto document = yaml(example.text);
        CHECK(to_json(document.root()) == nlohmann::json::parse(example.value));
        std::string found;
        for (const auto& problem : document.problems()) found += problem.message + "\n";
        CAPTURE(found);
        REQUIRE(document.problems().size() == example.problems.size());
        for (std::size_t i = 0; i < example.problems.size(); ++i) {
            const auto& [place, message] = example.problems[i];
            const auto& problem = document.problems()[i];
            CHECK(document.text().substr(problem.span.begin,
                                         problem.span.end - problem.span.begin) == place);
            CHECK(problem.message.starts_with(message));
        }
    }
}

TEST_CASE("every value of YAML has its place in the text") {
    const std::string text =
        "command: >-\n"
        "  python train.py\n"
        "  --lr ${{inputs.lr}} # not a note\n"
        "inputs: # the data\n"
        "  lr: &rate 0.10\n"
        "  data: !!map\n"
        "    path: \"a b\"\n"
        "    list:\n"
        "      - 'x'\n"
        "      - plain text\n"
        "        goes on\n"
        "  flow: {a: [1, 2 ], b: *rate }\n"
        "  none:\n"
        "code: src # here\n";
    const auto document = yaml(text);
    REQUIRE(document.problems().empty());
    const auto written = [&](const std::vector<std::string>& path) {
        const auto* node = document.at(path);
        return node == nullptr ? "nothing" : std::string(document.written(*node));
    };
    CHECK(written({"command"}) == ">-\n  python train.py\n  --lr ${{inputs.lr}} # not a note");
    CHECK(written({"inputs", "lr"}) == "0.10");
    CHECK(written({"inputs", "data", "path"}) == "\"a b\"");
    CHECK(written({"inputs", "data", "list", "0"}) == "'x'");
    CHECK(written({"inputs", "data", "list", "1"}) == "plain text\n        goes on");
    CHECK(written({"inputs", "flow"}) == "{a: [1, 2 ], b: *rate }");
    CHECK(written({"inputs", "flow", "a"}) == "[1, 2 ]");
    CHECK(written({"inputs", "flow", "b"}) == "*rate");
    CHECK(written({"inputs", "none"}).empty());
    CHECK(written({"code"}) == "src");
    CHECK(document.at({"inputs", "lr"})->text == "0.1");
    const auto& command = *document.at({"command"});
    const auto begin = command.text.find("${{");
    const auto part = document.part_of(command, {begin, begin + 14});
    CHECK(text.substr(part.begin, part.end - part.begin) == "${{inputs.lr}}");
    check_places(document, document.root());
}

TEST_CASE("aliases that double a file again and again are refused") {
    std::string bomb = "a0: &a0 [x, x]\n";
    for (int i = 1; i < 40; ++i) {
        const auto before = std::to_string(i - 1);
        const auto name = std::to_string(i);
        bomb += "a" + name + ": &a" + name + " [*a" + before + ", *a" + before + "]\n";
    }
    const auto document = yaml(bomb);
    REQUIRE_FALSE(document.problems().empty());
    CHECK(document.problems().front().message.starts_with("With its aliases this file has more"));
    CHECK(to_json(document.root()).dump().size() < 200'000);
}

TEST_CASE("YAML that is nested too deep is skipped, and said") {
    for (const auto& text :
         {"a: " + yaml_repeated("[", 80) + yaml_repeated("]", 80) + "\nb: 1\n",
          "a: " + yaml_repeated("{k: ", 5000) + yaml_repeated("}", 5000) + "\n"}) {
        const auto document = yaml(text);
        REQUIRE_FALSE(document.problems().empty());
        CHECK(document.problems().front().message.starts_with("Nested deeper than 64"));
    }
}

TEST_CASE("any part of a file of YAML is read without harm") {
    const std::string text =
        "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\n"
        "command: |\n  python a.py\n  é ${{inputs.x}}\nbase: &b {x: [1, 'two'], y: \"z\\n\"}\n"
        "inputs:\n  <<: *b\n  - wrong\n\tq: !!int 4\n? k\n: v\n";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const auto front = yaml(text.substr(0, length));
        const auto back = yaml(text.substr(length));
        for (const auto* document : {&front, &back}) {
            to_json(document->root());
            document->cursor(document->text().size() / 2);
            for (const auto& problem : document->problems()) {
                CHECK(problem.span.begin <= problem.span.end);
                CHECK(problem.span.end <= document->text().size());
            }
        }
        for (const char sign : {'\t', '\n', ':', '{', '*', '&', '"', '-', '\0'}) {
            auto changed = text;
            changed.insert(length, 1, sign);
            const auto document = yaml(changed);
            document.cursor(length);
        }
    }
}
