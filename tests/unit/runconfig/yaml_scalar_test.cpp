// Plain scalars of YAML, as Azure's own tools read them: tests/fixtures/azure/yaml_scalars.json is
// what PyYAML makes of them, which tests/fidelity/job_files.test.mjs holds it against.

#include "runconfig/yaml_scalar.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>

using namespace aml::runconfig;

TEST_CASE("a plain scalar is what Azure's own tools take it for") {
    std::ifstream file(AML_SOURCE_DIR "/tests/fixtures/azure/yaml_scalars.json");
    for (const auto& wanted : nlohmann::json::parse(file)) {
        const auto text = wanted.at("yaml").get<std::string>();
        CAPTURE(text);
        const auto read = read_yaml_scalar(text);
        CAPTURE(read.text);
        if (wanted.contains("null")) {
            CHECK(read.type == NodeType::Null);
        } else if (wanted.contains("boolean")) {
            CHECK(read.type == NodeType::Boolean);
            CHECK(read.text == (wanted.at("boolean").get<bool>() ? "true" : "false"));
        } else if (wanted.contains("number")) {
            CHECK(read.type == NodeType::Number);
            CHECK(read.text == wanted.at("number"));
        } else {
            CHECK(read.type == NodeType::String);
            CHECK(read.text == text);
        }
    }
}

TEST_CASE("a text is written so that it is read as this text") {
    CHECK(yaml_text("python train.py") == "python train.py");
    CHECK(yaml_text("azureml:sklearn:3") == "azureml:sklearn:3");
    CHECK(yaml_text("https://a/b#c") == "https://a/b#c");
    for (const auto* odd :
         {"", "yes", "1.0", "0x1F", "a: b", "a #b", "- a", "*a", "a:", " a", "a\nb"}) {
        CAPTURE(odd);
        CHECK(yaml_text(odd) == nlohmann::json(odd).dump());
    }
}
