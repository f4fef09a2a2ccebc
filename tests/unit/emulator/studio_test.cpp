#include "studio/chart.hpp"
#include "studio/page.hpp"
#include "studio/run_page.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <string>

namespace aml::emulator::studio_test {

using namespace std::chrono_literals;

TEST_CASE("a chart spans its points from corner to corner") {
    const auto svg = line_chart({{0, 1}, {5, 3}, {10, 2}});
    CHECK(svg.find("M80.0 138.0L234.0 12.0L388.0 75.0") != std::string::npos);
    CHECK(svg.find(">3</text>") != std::string::npos);
    CHECK(svg.find(">10</text>") != std::string::npos);
}

TEST_CASE("a chart leaves gaps where a value is no number, and nothing without values") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto svg = line_chart({{0, 1}, {1, nan}, {2, 2}});
    CHECK(svg.find("M80.0 138.0M388.0 12.0") != std::string::npos);
    CHECK(line_chart({{0, nan}, {1, std::numeric_limits<double>::infinity()}}).empty());
    CHECK(line_chart({}).empty());
    const double most = std::numeric_limits<double>::max();
    CHECK(line_chart({{0, -most}, {1, most}}).find("nan") == std::string::npos);
    CHECK(line_chart({{0, 7}, {1, 7}}).find("M80.0 75.0L388.0 75.0") != std::string::npos);
}

TEST_CASE("times, sizes and numbers read well") {
    CHECK(short_number(0.123456) == "0.1235");
    CHECK(short_number(12'999.6) == "13000");
    CHECK(short_number(9'999.6) == "10000");
    CHECK(short_number(-1.25e7) == "-1.25e+07");
    CHECK(short_number(-std::numeric_limits<double>::infinity()) == "-\xE2\x88\x9E");
    const Time start{};
    CHECK(span_text(start, start + 59s) == "59 s");
    CHECK(span_text(start, start + 125s) == "2 min 5 s");
    CHECK(span_text(start, start + 2h + 3min) == "2 h 3 min");
    CHECK(span_text(start, start - 5s) == "0 s");
    CHECK(time_text(start) == "1970-01-01 00:00:00 UTC");
    CHECK(size_text(999) == "999 B");
    CHECK(size_text(12'300'000) == "12.3 MB");
}

TEST_CASE("an environment is shown by what a person recognises, and an id only when unfolded") {
    const std::string in_workspace =
        "/subscriptions/s/resourceGroups/g/providers/"
        "Microsoft.MachineLearningServices/workspaces/w/environments/";
    const auto named = in_workspace + "AzureML-sklearn-1.5/versions/24";
    CHECK(environment_cell(std::nullopt, named) == "AzureML-sklearn-1.5, version 24");
    const auto hash = std::string("81a56b0e5e778de112dcd6a6af516d8d");
    const auto id = in_workspace + "CliV2AnonymousEnvironment/versions/" + hash;
    Resource environment;
    environment.body["properties"] = {{"isAnonymous", true},
                                      {"image", "mcr.microsoft.com/azureml/openmpi5.0"},
                                      {"condaFile", "dependencies: [<pip>]"}};
    const auto inline_one = environment_cell(environment, id);
    const auto folded = inline_one.find("<details>");
    CHECK(inline_one.substr(0, folded) == "mcr.microsoft.com/azureml/openmpi5.0");
    CHECK(inline_one.find(hash) > folded);
    CHECK(inline_one.find("&lt;pip&gt;") > folded);
    environment.body["properties"] = {{"isAnonymous", true}, {"build", {{"contextUri", "x"}}}};
    CHECK(environment_cell(environment, id).starts_with("Built for this run from a Dockerfile"));
}

TEST_CASE("a page escapes what it is told and says when it is live") {
    const auto reply = render({"<run>", {{"a & b", "/?x=\"1\""}}, "<p>body</p>", true});
    const auto& html = std::get<std::string>(reply.body);
    CHECK(html.find("<h1>&lt;run&gt;</h1>") != std::string::npos);
    CHECK(html.find("a &amp; b</a></div>") != std::string::npos);
    CHECK(html.find("data-live=\"1\"") != std::string::npos);
    CHECK(html.find("http://") == std::string::npos);
}

}  // namespace aml::emulator::studio_test
