#include "runconfig/json_members.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml::runconfig;

TEST_CASE_TEMPLATE("members without a value are left out",
                   Json,
                   nlohmann::json,
                   nlohmann::ordered_json) {
    auto object = Json::object();
    put(object, "name", std::optional<std::string>("a"));
    put(object, "version", std::optional<std::string>());
    put_map(object, "tags", {{"y", "2"}, {"x", "1"}});
    put_map(object, "properties", {});
    CHECK(object.dump() == R"({"name":"a","tags":{"x":"1","y":"2"}})");
}
