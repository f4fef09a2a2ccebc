#include "runconfig/setting.hpp"

#include "runconfig/run_configuration.hpp"
#include "support/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace aml;
using namespace aml::runconfig;

namespace {

const std::string job = R"(type: command
command: python a.py --lr ${{inputs.lr}} --data ${{inputs.data}}
environment: azureml:e:1
tags: {a: x}
inputs:
  lr: 0.1
  data: {type: uri_folder, path: azureml:d:1}
resources:
  locations: [eastus, westus]
)";

/// The value at the setting's key afterwards, or why it cannot be set.
std::string after(const std::string& typed, const std::vector<std::string>& path) {
    Document document(job, Syntax::Yaml);
    try {
        apply(parse_setting(typed), document);
    } catch (const Error& error) {
        return error.message();
    }
    const auto* node = document.at(path);
    return node == nullptr ? "nothing" : to_json(*node).dump();
}

std::string combined(const std::vector<std::string>& typed, std::size_t most = 100) {
    std::vector<Setting> settings;
    for (const auto& one : typed) settings.push_back(parse_setting(one));
    std::string all;
    try {
        for (const auto& combination : combinations(settings, most)) {
            for (const auto& setting : combination) all += to_string(setting) + " ";
            all += "| ";
        }
    } catch (const Error& error) {
        return error.message();
    }
    return all;
}

/// What `check` says of the job with settings.
std::string refused(const std::vector<std::string>& typed) {
    std::vector<Setting> settings;
    for (const auto& one : typed) settings.push_back(parse_setting(one));
    try {
        check(job, "/a/train.yml", settings);
    } catch (const Error& error) {
        return error.message();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a setting replaces, adds and takes out what a file says") {
    CHECK(after("inputs.lr=0.5", {"inputs", "lr"}) == "0.5");
    CHECK(after("lr=1e-3", {"inputs", "lr"}) == "0.001");
    CHECK(after("lr=fast", {"inputs", "lr"}) == "\"fast\"");
    CHECK(after("inputs.depth=3", {"inputs", "depth"}) == "3");
    CHECK(after("data=azureml:d:2", {"inputs", "data", "path"}) == "\"azureml:d:2\"");
    CHECK(after(R"(inputs.data={"type":"uri_file","path":"b"})", {"inputs", "data", "type"}) ==
          "\"uri_file\"");
    CHECK(after("limits.timeout=60", {"limits"}) == R"({"timeout":60})");
    CHECK(after("resources.instance_count=2", {"resources", "instance_count"}) == "2");
    CHECK(after("resources.locations.0=uksouth", {"resources", "locations"}) ==
          R"(["uksouth","westus"])");
    CHECK(after("resources.locations[2]=uksouth", {"resources", "locations"}) ==
          R"(["eastus","westus","uksouth"])");
    CHECK(after("resources.locations.1=null", {"resources", "locations"}) == R"(["eastus"])");
    CHECK(after("tags.a=null", {"tags"}) == "{}");
    CHECK(after("tags.b\\.c=y", {"tags", "b.c"}) == "\"y\"");
    // A text is one, whatever it looks like.
    CHECK(after("display_name=7", {"display_name"}) == "\"7\"");
    CHECK(after("description=true", {"description"}) == "\"true\"");
    CHECK(after("command=python b.py --x=1", {"command"}) == "\"python b.py --x=1\"");
}

TEST_CASE("a setting that leads nowhere is refused") {
    CHECK(after("environment.image=x", {}) ==
          "--set environment.image: “azureml:e:1” has a value of its own, in which nothing can be "
          "set.");
    CHECK(after("resources.locations.5=x", {}) ==
          "--set resources.locations.5: the list has 2 items; give the number of one, or 2 to add "
          "one.");
    CHECK(after("resources..x=1", {}) == "--set resources..x: a part of the key is empty.");
    CHECK_THROWS_AS(parse_setting("lr"), Error);
    CHECK_THROWS_AS(parse_setting("=1"), Error);
}

TEST_CASE("a job is checked as the settings make it, and a fault of theirs named as one") {
    CHECK(refused({"lr=0.5", "tags.b=y"}) == "accepted");
    CHECK(refused({"limits.timeout=soon"}) ==
          "--set limits.timeout=soon: Expected a whole number, found the text \"soon\".");
    CHECK(refused({"dsplay_name=x"}) ==
          "--set dsplay_name=x: “dsplay_name” is not a key of this type of job. Did you mean "
          "\"display_name\"?");
    CHECK(refused({"inputs.lr=null"}) ==
          "train.yml:2:27: command: There is no input “lr”. Add \"lr\" to “inputs”.");
}

TEST_CASE("values between commas are combined, the last setting changing first") {
    CHECK(combined({}) == "| ");
    CHECK(combined({"lr=0.1,0.01", "depth=3,5"}) ==
          "lr=0.1 depth=3 | lr=0.1 depth=5 | lr=0.01 depth=3 | lr=0.01 depth=5 | ");
    CHECK(combined({R"(x=[1,2],{"a":1,"b":2},"p,q")"}) ==
          R"(x=[1,2] | x={"a":1,"b":2} | x="p,q" | )");
    CHECK(combined({"lr=1,1"}).starts_with("--set lr=1,1: the values between the commas"));
    CHECK(combined({"lr=1,"}).starts_with("--set lr=1,: the values between the commas"));
    CHECK(combined({"lr=1", "lr=2"}).starts_with("--set lr is given twice"));
    CHECK(combined({"a=1,2,3", "b=1,2,3"}, 8).starts_with("These values have more than 8"));
}
