#include "views/logged_files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace aml;
using namespace aml::views;

namespace {

azure::Metric in_file(std::string name, std::string kind, const std::vector<std::string>& places) {
    azure::Metric metric{.name = name, .columns = {{name, "Artifact"}}, .kind = std::move(kind)};
    for (const auto& place : places) {
        azure::MetricRow row;
        row.data[name] = place;
        metric.rows.push_back(std::move(row));
    }
    return metric;
}

constexpr auto own = "aml://artifactId/ExperimentRun/dcid.run1/";
constexpr auto matrix =
    R"({"schema_type":"confusion_matrix","data":{"class_labels":["a"],"matrix":[[1]]}})";

std::vector<azure::Artifact> files(const std::vector<std::string>& paths,
                                   const std::string& time = "t") {
    std::vector<azure::Artifact> found;
    for (const auto& path : paths) found.push_back({path, time});
    return found;
}

}  // namespace

TEST_CASE("a metric says where its file is, in the ways that azureml-core has had") {
    const auto place = [](std::string kind, std::string location) {
        const auto metric = in_file("m", std::move(kind), {std::move(location)});
        return file_of(metric, metric.rows.front());
    };
    CHECK(place("azureml.v2.image", fmt::format("{}plots/a b.png", own)) == "plots/a b.png");
    CHECK(place("azureml.v1.image", "aml://artifactId/plots/a.png") == "plots/a.png");
    CHECK(place("azureml.v1.confusion_matrix", fmt::format("{}outputs/m", own)) == "m");
    CHECK(place("azureml.v2.confusion_matrix", fmt::format("{}outputs/m", own)) == "outputs/m");
    CHECK(place("azureml.v2.image", "https://example.com/a.png").empty());
    CHECK(place("azureml.v2.image", own).empty());
    CHECK(file_of({}, {}).empty());
}

TEST_CASE("pictures that are logged under one name are one, in the order they were logged in") {
    LoggedFiles logged;
    logged.set_files(files({"curve_1.png", "curve_2.png", "other.png", "table_images/t/1.png"}));
    logged.set_metric(in_file(
        "curve",
        "azureml.v2.image",
        {fmt::format("{}curve_2.png", own), "nonsense", fmt::format("{}curve_1.png", own)}));
    const auto images = logged.images();
    REQUIRE(images.size() == 2);
    CHECK(images[0] == Image{"curve", {{0, "curve_2.png"}, {1, "curve_1.png"}}});
    CHECK(images[1] == Image{"other.png", {{{}, "other.png"}}});
    logged.set_metric(in_file("curve", "azureml.v2.image", {fmt::format("{}curve_1.png", own)}));
    CHECK_FALSE(logged.images().front().steps.front().step);
}

TEST_CASE("charts come from metrics and from what files hold, tables from the run's tag") {
    LoggedFiles logged;
    logged.set_files(files({"confusion",
                            "matrix.json",
                            "model/MLmodel",
                            "model/example.json",
                            "other.json",
                            "table.json"}));
    logged.set_metric(
        in_file("confusion", "azureml.v2.confusion_matrix", {fmt::format("{}confusion", own)}));
    const auto document = nlohmann::json{
        {"tags",
         {{"mlflow.loggedArtifacts",
           R"([{"path":"table.json","type":"table"},{"path":"x","type":"other"}])"}}}};
    logged.set_tables(table_files(document));
    CHECK(logged.unread() == std::vector<std::string>{"matrix.json", "other.json"});
    logged.set_content("matrix.json", matrix);
    logged.set_content("other.json", R"({"a":1})");
    CHECK(logged.unread().empty());
    CHECK(logged.logged() ==
          std::vector<LoggedFile>{{"confusion", LoggedKind::Chart, "confusion", 2},
                                  {"matrix.json", LoggedKind::Chart, "matrix.json", 2},
                                  {"table.json", LoggedKind::Table, "table.json", 2}});
}

TEST_CASE("a file that is replaced is looked at again, one that stays is not") {
    LoggedFiles logged;
    logged.set_files(files({"m.json"}, "monday"));
    logged.set_content("m.json", matrix);
    logged.set_files(files({"m.json"}, "monday"));
    CHECK(logged.unread().empty());
    CHECK(logged.revision("m.json") == 1);
    logged.set_files(files({"m.json"}, "tuesday"));
    CHECK(logged.unread() == std::vector<std::string>{"m.json"});
    CHECK(logged.revision("m.json") == 2);
    CHECK(logged.revision("n.json") == 0);
}

TEST_CASE("of many files few are looked into") {
    LoggedFiles logged;
    std::vector<std::string> paths;
    for (int i = 0; i < 100; ++i) paths.push_back(fmt::format("results/{:03}.json", i));
    logged.set_files(files(paths));
    CHECK(logged.unread().size() == 20);
    for (const auto& path : logged.unread()) logged.set_content(path, "");
    CHECK(logged.unread().empty());
}

TEST_CASE("a tag that is no list of files names none") {
    for (const char* tag : {"", "[", "5", "[1]", R"({"type":"table"})"}) {
        const nlohmann::json document{{"tags", {{"mlflow.loggedArtifacts", tag}}}};
        CHECK(table_files(document).empty());
    }
    CHECK(table_files(nullptr).empty());
}
