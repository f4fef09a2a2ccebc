#include "workspace/workspace_binding.hpp"

#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>
#include <string>

using namespace aml;

namespace {

std::string read(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

std::string failure(const std::filesystem::path& path) {
    const auto error = test::error_of([&] { workspace::find_workspace_binding(path); });
    CHECK(error.kind() == ErrorKind::Rejected);
    return error.message();
}

const auto bound = azure::ResourceId::workspace("s", "g", "w");
constexpr const char* good = R"({"subscription_id":"s","resource_group":"g","workspace_name":"w"})";

}  // namespace

TEST_CASE("the binding of a script is the nearest one upwards") {
    const test::TemporaryDirectory folder;
    folder.write(".azureml/config.json", good);
    const auto script = folder.write("src/deep/train.py", "");
    auto found = workspace::find_workspace_binding(script);
    REQUIRE(found);
    CHECK(found->workspace == bound);
    CHECK(found->file == folder.path() / ".azureml/config.json");
    folder.write("src/.azureml/config.json",
                 R"({"subscription_id":"s","resource_group":"g","workspace_name":"nearer"})");
    found = workspace::find_workspace_binding(folder.path() / "src");
    REQUIRE(found);
    CHECK(found->workspace.name() == "nearer");
}

TEST_CASE("a script without a binding gets one beside it") {
    const test::TemporaryDirectory folder;
    const auto script = folder.write("src/train.py", "");
    CHECK(!workspace::find_workspace_binding(script));
    const auto file = workspace::workspace_binding_file(script);
    CHECK(file == folder.path() / "src/.azureml/config.json");
    workspace::write_workspace_binding(file, bound);
    const auto found = workspace::find_workspace_binding(script);
    REQUIRE(found);
    CHECK(found->workspace == bound);
}

TEST_CASE("a damaged binding is refused with the file, the reason and the remedy") {
    const test::TemporaryDirectory folder;
    const auto file = folder.write(".azureml/config.json", "{ nonsense");
    const auto message = failure(folder.path());
    CHECK(message.find(file.string()) != std::string::npos);
    CHECK(message.find("not valid JSON") != std::string::npos);
    CHECK(message.find("delete it") != std::string::npos);
    folder.write(".azureml/config.json", R"({"subscription_id":"s","resource_group":"g"})");
    CHECK(failure(folder.path()).find("“workspace_name” is missing") != std::string::npos);
    folder.write(".azureml/config.json", R"({"subscription_id":7})");
    CHECK(failure(folder.path()).find("must be a text") != std::string::npos);
    folder.write(".azureml/config.json", "[]");
    CHECK(failure(folder.path()).find("not a JSON object") != std::string::npos);
}

TEST_CASE("writing a binding keeps what else the file says") {
    const test::TemporaryDirectory folder;
    const auto file = folder.write(
        ".azureml/config.json",
        R"({"note":"mine","workspace_name":"old","subscription_id":"o","resource_group":"o"})");
    workspace::write_workspace_binding(file, bound);
    const auto written = nlohmann::json::parse(read(file));
    CHECK(written == nlohmann::json{{"note", "mine"},
                                    {"workspace_name", "w"},
                                    {"subscription_id", "s"},
                                    {"resource_group", "g"}});
}

TEST_CASE("a file that is not JSON is put aside before it is replaced") {
    const test::TemporaryDirectory folder;
    const auto file = folder.write(".azureml/config.json", "{ nonsense");
    workspace::write_workspace_binding(file, bound);
    CHECK(read(folder.path() / ".azureml/config.json.damaged") == "{ nonsense");
    CHECK(workspace::find_workspace_binding(folder.path()));
}

TEST_CASE("a binding in UTF-16, as Windows PowerShell writes it, is understood") {
    const test::TemporaryDirectory folder;
    std::string utf16 = "\xFF\xFE";
    for (
        const char letter : std::string(
            R"({"subscription_id":"s","resource_group":"g","workspace_name":"w","note":"mine"})")) {
        utf16 += letter;
        utf16 += '\0';
    }
    const auto file = folder.write(".azureml/config.json", utf16);
    CHECK(workspace::find_workspace_binding(folder.path())->workspace == bound);
    workspace::write_workspace_binding(file, bound);
    CHECK(nlohmann::json::parse(read(file))["note"] == "mine");
    folder.write(".azureml/config.json", utf16 + "x");
    CHECK(failure(folder.path()).find("it is not text") != std::string::npos);
}
