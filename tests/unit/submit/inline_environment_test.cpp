#include "submit/inline_environment.hpp"

#include "azure/asset_json.hpp"
#include "runconfig/run_configuration.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>

using namespace aml;
using nlohmann::json;

namespace {

runconfig::InlineEnvironment environment_of(const json& written) {
    const json file{{"type", "command"}, {"command", "python t.py"}, {"environment", written}};
    auto analysis = runconfig::analyse(file.dump());
    REQUIRE(analysis.job);
    return std::get<runconfig::InlineEnvironment>(
        runconfig::program_of(*analysis.job)->environment);
}

submit::AnonymousEnvironment made_of(const json& written) {
    return submit::make_anonymous(environment_of(written), "/project");
}

/// What is registered, but for its name, with the packages as JSON: the table's form.
json registered(const submit::AnonymousEnvironment& environment) {
    auto properties = azure::environment_to_json(environment.spec);
    properties.erase("isAnonymous");
    if (properties.contains("condaFile"))
        properties["condaFile"] = json::parse(properties["condaFile"].get<std::string>());
    return properties;
}

}  // namespace

TEST_CASE("an environment written into a job is registered as the official client does it") {
    std::ifstream table(AML_SOURCE_DIR "/tests/fixtures/azure/command_job_pairs.json");
    for (const auto& pair : json::parse(table)) {
        if (!pair.contains("environment")) continue;
        CAPTURE(pair.dump());
        auto wanted = pair.at("environment");
        if (!wanted.contains("osType")) wanted["osType"] = "Linux";
        CHECK(registered(made_of(pair.at("file").at("environment"))) == wanted);
    }
}

TEST_CASE("the version of an environment is decided by what decides its image") {
    const json base{{"image", "i"}};
    const auto with = [&](const char* key, const json& value) {
        auto changed = base;
        changed[key] = value;
        return made_of(changed).version;
    };
    CHECK(with("name", "n") == made_of(base).version);
    CHECK(with("tags", {{"a", "b"}}) == made_of(base).version);
    CHECK(with("os_type", "windows") != made_of(base).version);
    CHECK(with("conda_file", {{"dependencies", json::array()}}) != made_of(base).version);
    const auto built = [](const char* address, const char* dockerfile) {
        return made_of({{"build", {{"path", address}, {"dockerfile_path", dockerfile}}}}).version;
    };
    CHECK(built("https://example.com/a.git", "D") != built("https://example.com/b.git", "D"));
    CHECK(built("https://example.com/a.git", "D") != built("https://example.com/a.git", "E"));
}

TEST_CASE("a conda file goes as UTF-8, in whatever encoding it was saved") {
    const test::TemporaryDirectory folder;
    runconfig::InlineEnvironment environment;
    environment.image = "i";
    environment.conda_path = "conda.yml";
    folder.write("conda.yml", "name: é\n");
    const auto plain = submit::make_anonymous(environment, folder.path());
    folder.write("conda.yml", std::string("\xFF\xFEn\0a\0m\0e\0:\0 \0\xE9\0\n\0", 18));
    const auto utf16 = submit::make_anonymous(environment, folder.path());
    CHECK(utf16.spec.conda_file == "name: é\n");
    CHECK(utf16.version == plain.version);
    folder.write("conda.yml", std::string("a\0b", 3));
    CHECK(test::error_of([&] { submit::make_anonymous(environment, folder.path()); }).kind() ==
          ErrorKind::Rejected);
}
