#include "views/run_document.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <vector>

using namespace aml::views;
using nlohmann::json;

TEST_CASE("parameters and tags come by name, without tags of the services") {
    const json document = {{"parameters", {{"lr", "0.1"}, {"depth", 3}}},
                           {"tags",
                            {{"mlflow.user", "ann"},
                             {"azureml.git", "x"},
                             {"_aml_system_a", "b"},
                             {"team", "vision"}}}};
    CHECK(parameters_of(document) == std::vector<NamedText>{{"depth", "3"}, {"lr", "0.1"}});
    CHECK(tags_of(document) == std::vector<NamedText>{{"team", "vision"}});
    CHECK(parameters_of(json::array()).empty());
    CHECK(tags_of({{"tags", nullptr}}).empty());
}

TEST_CASE("a configuration is what was submitted") {
    const json properties = {{"jobType", "Command"},
                             {"command", "python train.py"},
                             {"status", "Completed"},
                             {"services", {{"Studio", {{"endpoint", "https://x"}}}}},
                             {"limits", nullptr},
                             {"resources", {{"instanceCount", 1}, {"properties", json::object()}}}};
    CHECK(json::parse(configuration_of(properties)) ==
          json({{"jobType", "Command"},
                {"command", "python train.py"},
                {"resources", {{"instanceCount", 1}}}}));
    CHECK(configuration_of(json()).empty());
}
