#include "data/filter.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <string>

namespace aml::emulator::filter_test {

namespace {

SqlCondition plain(const Filter& filter) {
    return compare_sql(filter, filter.field, [](const std::string& text) { return Value(text); });
}

std::string sql(std::string_view text, FilterLanguage language = FilterLanguage::RunHistory) {
    const auto filter = parse_filter(text, language);
    if (!filter) return "";
    auto condition = to_sql(*filter, plain);
    for (const auto& value : condition.values) {
        const auto* words = std::get_if<std::string>(&value);
        const auto mark = condition.sql.find('?');
        condition.sql.replace(mark, 1, words == nullptr ? "null" : "[" + *words + "]");
    }
    return condition.sql;
}

std::string failure(std::string_view text, FilterLanguage language = FilterLanguage::RunHistory) {
    const auto error = aml::test::error_of([&] { parse_filter(text, language); });
    CHECK(error.kind() == aml::ErrorKind::Rejected);
    return error.message();
}

}  // namespace

TEST_CASE("run history filters take bare and quoted values") {
    CHECK(sql("  ").empty());
    CHECK(sql("(Status eq Running) and (ParentRunId eq null)") ==
          "(Status IS [Running]) AND (ParentRunId IS null)");
    CHECK(sql("Status eq 'Run''s'") == "Status IS [Run's]");
    CHECK(sql("(RunType eq X or Properties/azureml.runsource eq X)") ==
          "(RunType IS [X]) OR (Properties/azureml.runsource IS [X])");
    CHECK(sql("(CreatedUtc ge 2026-01-01 00:00:00) and Target ne 'a b'") ==
          "(CreatedUtc >= [2026-01-01 00:00:00]) AND (Target IS NOT [a b])");
    CHECK(sql("endTimeUtc ge 2026-01-02T03:04:05Z") == "endTimeUtc >= [2026-01-02T03:04:05Z]");
    CHECK(sql("RunId eq A or RunId eq B and Status eq C") ==
          "(RunId IS [A]) OR ((RunId IS [B]) AND (Status IS [C]))");
    CHECK(sql("(Tags/k ne null or Tags/k eq null)") == "(Tags/k IS NOT null) OR (Tags/k IS null)");
    CHECK(sql("name eq android or name eq b") == "(name IS [android]) OR (name IS [b])");
}

TEST_CASE("mlflow filters know metrics, quoted keys, LIKE and IN") {
    const auto ml = FilterLanguage::MlFlow;
    CHECK(sql("metrics.loss < 1 and params.\"my lr\" = '0.1'", ml) ==
          "(metrics.loss < [1]) AND (params.my lr IS [0.1])");
    CHECK(sql("tags.`mlflow.user` LIKE 'a%'", ml) ==
          "tags.mlflow.user GLOB replace(replace([a%], '%', '*'), '_', '?')");
    CHECK(sql("attributes.run_id IN ('a', 'b')", ml) == "attributes.run_id IN ([a],[b])");
    CHECK(sql("status!='FAILED'", ml) == "status IS NOT [FAILED]");
}

TEST_CASE("a filter that is not valid says where") {
    CHECK(failure("Status equals Running") ==
          "The filter is not valid: expected eq, ne, lt, le, gt or ge at position 8 of 'Status "
          "equals Running'.");
    CHECK(failure("(Status eq Running").find("expected ')'") != std::string::npos);
    CHECK(failure("Status eq 'x").find("a quote is not closed") != std::string::npos);
    CHECK(failure("Status eq").find("expected a value") != std::string::npos);
    CHECK(failure("Status eq a) and").find("expected 'and', 'or' or the end") != std::string::npos);
    CHECK(failure(std::string(60, '(')).find("too many nested") != std::string::npos);
}

TEST_CASE("orders are read with and without a direction") {
    const auto terms = parse_order("StartTimeUtc desc, metrics.`loss` ASC,RunId");
    REQUIRE(terms.size() == 3);
    CHECK(terms[0].field == "StartTimeUtc");
    CHECK(terms[0].descending);
    CHECK(terms[1].field == "metrics.loss");
    CHECK_FALSE(terms[1].descending);
    CHECK(terms[2].field == "RunId");
}

}  // namespace aml::emulator::filter_test
