#include "runconfig/command_line.hpp"
#include "runconfig/run_configuration.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace aml;
using namespace aml::runconfig;

namespace {

const std::string environment = R"("environment": "azureml:e:1")";

/// What loading `text` as `job/t.job.json` in a prepared folder fails with; "fine" when it does
/// not.
std::string file_failure(const test::TemporaryDirectory& folder, const std::string& text) {
    const auto file = folder.write("job/t.job.json", text);
    try {
        const auto loaded = load(file);
        return loaded.warnings.empty() ? "fine"
                                       : "warning: " + format(file, loaded.warnings.front());
    } catch (const Error& error) {
        return error.message();
    }
}

struct FileCase {
    std::string text;
    std::string expected;
};

}  // namespace

TEST_CASE("what a configuration names on disk is checked against the file's folder") {
    const test::TemporaryDirectory folder;
    folder.write("job/train.py", "");
    folder.write("job/src/model.py", "");
    folder.write("other.py", "");
    folder.write("job/conda.yml", "dependencies: [python]\n");
    folder.write("job/bad.yml", "x\n");
    folder.write("job/more.yml", "platforms: [linux-64]\ndependencies: [python]\n");
    folder.write("job/docker/Dockerfile", "FROM x");
    std::filesystem::create_directories(folder.path() / "job/docker/sub");
    std::filesystem::create_directories(folder.path() / "job/empty");
    const std::vector<FileCase> cases{
        {R"("code": ".", "command": "python train.py")", "fine"},
        {R"("code": "./src/", "command": "python -u model.py --x 1")", "fine"},
        {R"("code": "none", "command": "python train.py")",
         "t.job.json:1:10: code: The folder “none” does not exist ("},
        {R"("code": "train.py", "command": "python train.py")",
         "t.job.json:1:10: code: “train.py” is a file: name the folder it is in."},
        {R"("code": "empty", "command": "python train.py")",
         "t.job.json:1:10: code: The folder “empty” is empty."},
        {R"("code": ".", "command": "python ../other.py")",
         "t.job.json:1:26: command: “../other.py” is outside the code folder “.”"},
        {R"("code": ".", "command": "python none.py")",
         "t.job.json:1:26: command: There is no “none.py” in the code folder “.”."},
        {R"("code": ".", "command": "python gen.py && python none.py")",
         "t.job.json:1:26: command: There is no “gen.py”"},
        {R"("code": ".", "command": "wget http://x/none.py && python none.py")",
         "warning: t.job.json:1:26: command: There is no “none.py”"},
        {R"("code": ".", "command": "cd src && python none.py")", "fine"},
        {R"("command": "python train.py")",
         "warning: t.job.json:1:13: command: “train.py” is not sent along"},
        {R"("code": "azureml:code:1", "command": "python none.py")", "fine"},
    };
    for (const auto& example : cases) {
        CAPTURE(example.text);
        const auto got = file_failure(folder, fmt::format("{{{}, {}}}", example.text, environment));
        CAPTURE(got);
        CHECK(got.starts_with(example.expected));
    }
    const std::vector<FileCase> environments{
        {R"({"image": "i", "conda_file": "conda.yml"})", "fine"},
        {R"({"image": "i", "conda_file": "none.yml"})",
         "t.job.json:1:75: environment.conda_file: "},
        {R"({"image": "i", "conda_file": "bad.yml"})",
         "t.job.json:1:75: environment.conda_file: bad.yml: Expected a conda"},
        {R"({"image": "i", "conda_file": "more.yml"})",
         "warning: t.job.json:1:75: environment.conda_file: more.yml: conda ignores “platforms”"},
        {R"({"image": "i", "conda_file": "."})",
         "t.job.json:1:75: environment.conda_file: “" + (folder.path() / "job").string() +
             "” is a folder: name a file in it."},
        {R"({"build": {"path": "docker"}})", "fine"},
        {R"({"build": {"path": "docker", "dockerfile_path": "sub"}})",
         "t.job.json:1:94: environment.build.dockerfile_path: “sub” is a folder"},
        {R"({"build": {"path": "src"}})",
         "t.job.json:1:65: environment.build.path: There is no Dockerfile in “src”."},
        {R"({"build": {"path": "https://github.com/x/y"}})", "fine"},
    };
    for (const auto& example : environments) {
        CAPTURE(example.text);
        const auto got = file_failure(
            folder,
            fmt::format(R"({{"code": ".", "command": "x", "environment": {}}})", example.text));
        CAPTURE(got);
        CHECK(got.starts_with(example.expected));
    }
    const std::vector<FileCase> inputs{
        {R"({"path": "src"})", "fine"},
        {R"({"path": "train.py"})", "inputs.d.path: “train.py” is a file: use the type uri_file."},
        {R"({"type": "uri_file", "path": "src"})",
         "inputs.d.path: “src” is a folder: use the type uri_folder."},
        {R"({"path": "none"})", "inputs.d.path: “none” does not exist"},
    };
    for (const auto& example : inputs) {
        CAPTURE(example.text);
        const auto got = file_failure(
            folder,
            fmt::format(
                R"({{"code": ".", "command": "x", "inputs": {{"d": {}}}, "environment": "azureml:e:1"}})",
                example.text));
        CAPTURE(got);
        CHECK(got.find(example.expected) != std::string::npos);
    }
}

TEST_CASE("a script inside the container is no file of the code folder") {
    const test::TemporaryDirectory folder;
    folder.write("job/train.py", "");
    for (const auto* command : {"python /opt/app/x.py --in x",
                                "python ~/x.py",
                                "python $AML_APP_ROOT/x.py",
                                "python ${ROOT}/x.py",
                                "python `pwd`/x.py",
                                "python ${{inputs.s}}/x.py",
                                "python /opt/app/x.py none.py"}) {
        for (const auto* code : {R"("code": ".", )", ""}) {
            CAPTURE(command);
            CAPTURE(code);
            CHECK(
                file_failure(
                    folder,
                    fmt::format(
                        R"({{{}"command": "{}", "inputs": {{"s": "src"}}, "environment": "azureml:e:1"}})",
                        code,
                        command)) == "fine");
        }
    }
    CHECK(
        file_failure(
            folder,
            R"({"code": ".", "command": "python /opt/x.py; python no.py", "environment": "azureml:e:1"})")
            .find("There is no “no.py” in the code folder “.”.") != std::string::npos);
}

TEST_CASE("an absolute path into the code folder of this machine is warned of") {
    const test::TemporaryDirectory folder;
    const auto script = folder.write("job/src/train.py", "").generic_string();
    const auto expected = "command: “" + script + "” is a path of this machine";
    for (const auto* code : {R"("code": ".", )", R"("code": "src", )", ""}) {
        CAPTURE(code);
        const auto got = file_failure(
            folder,
            fmt::format(
                R"({{{}"command": "python {}", "environment": "azureml:e:1"}})", code, script));
        CAPTURE(got);
        CHECK(got.starts_with("warning: "));
        CHECK(got.find(expected) != std::string::npos);
    }
}

TEST_CASE("packages that the script needs and the environment lacks are named") {
    const test::TemporaryDirectory folder;
    folder.write("job/v1.py", "from azureml.core.run import Run\n");
    folder.write("job/auto.py", "import mlflow\nmlflow.autolog()\n");
    folder.write("job/conda.yml", "dependencies: [python=3.12, pip, {pip: [azureml-mlflow]}]\n");
    const auto problem = [&folder](std::string_view script, std::string_view conda) {
        return file_failure(
            folder,
            fmt::format(
                R"({{"code": ".", "command": "python {}", "environment": {{"image": "i", "conda_file": {}}}}})",
                script,
                conda));
    };
    CHECK(
        problem("v1.py", R"("conda.yml")")
            .ends_with("environment.conda_file: “v1.py” imports azureml.core.run, which needs the "
                       "package azureml-core: add it to the packages."));
    CHECK(problem("v1.py", R"({"dependencies": ["python=3.12", {"pip": ["azureml-core"]}]})")
              .ends_with("azureml-core does not support Python 3.12: use python=3.11."));
    CHECK(problem("v1.py", R"({"dependencies": ["python=3.11", {"pip": ["azureml-core"]}]})") ==
          "fine");
    folder.write("job/logs.py", "from azureml.core import Run\nRun.get_context().log('a', 1)\n");
    CHECK(problem("logs.py", R"({"dependencies": [{"pip": ["azureml-core"]}]})")
              .find("command: “logs.py” may end before its metrics have been sent") !=
          std::string::npos);
    CHECK(problem("auto.py", R"("conda.yml")").find("autolog() loses its metrics") !=
          std::string::npos);
    CHECK(problem("auto.py", R"({"dependencies": [{"pip": ["mlflow<3", "azureml-mlflow"]}]})") ==
          "fine");
}

TEST_CASE("a configuration that cannot be read says so") {
    const test::TemporaryDirectory folder;
    const auto kind = [](const std::filesystem::path& file) {
        return test::error_of([&] { load(file); }).kind();
    };
    CHECK(kind(folder.path() / "none.job.json") == ErrorKind::NotFound);
    CHECK(kind(folder.path()) == ErrorKind::Unavailable);
    CHECK(kind(folder.write("big.job.json", std::string(5U << 20U, ' '))) == ErrorKind::Rejected);
    CHECK(kind(folder.write("bad.job.json", "not JSON")) == ErrorKind::Rejected);
}

TEST_CASE("a configuration is read in the encodings of Windows, and refused when it is no text") {
    const test::TemporaryDirectory folder;
    const std::string text = R"({"command": "echo é", "environment": "azureml:e:1"})";
    const std::u16string units = u"{\"command\": \"echo é\", \"environment\": \"azureml:e:1\"}";
    std::string little = "\xFF\xFE";
    std::string big = "\xFE\xFF";
    for (const auto unit : units) {
        const auto low = static_cast<char>(unit & 0xFF);
        const auto high = static_cast<char>(unit >> 8);
        little.append({low, high});
        big.append({high, low});
    }
    for (const auto& bytes : {text, "\xEF\xBB\xBF" + text, little, big}) {
        const auto loaded = load(folder.write("t.job.json", bytes));
        CHECK(loaded.warnings.empty());
        CHECK(program_of(loaded.job)->command == "echo é");
    }
    const auto file = folder.write("zero.job.json", std::string("{}\0\0\0", 5));
    const auto error = test::error_of([&] { load(file); });
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message() == file.string() + " is not UTF-8 text. Save it as UTF-8.");
}

TEST_CASE("the code folder and the script of a configuration") {
    const test::TemporaryDirectory folder;
    folder.write("src/train.py", "");
    folder.write("t.py", "");
    const auto write = [&](const std::string& text) {
        return load(folder.write("t.job.json", text));
    };
    const auto one =
        write(R"({"code": "./src/", "command": "python train.py", "environment": "azureml:e:1"})");
    CHECK(code_folder(one) == folder.path() / "src");
    CHECK(script_of(one) == folder.path() / "src/train.py");
    const auto two = write(R"({"command": "bash run.sh", "environment": "azureml:e:1"})");
    CHECK_FALSE(code_folder(two).has_value());
    CHECK(script_of(two) == folder.path() / "t.py");
    CHECK(configuration_path("/a/train.x.py") == "/a/train.x.job.json");
}

TEST_CASE("the script that a command starts") {
    const auto script = [](std::string_view command) {
        const auto found = script_in_command(command);
        return found ? found->path : std::string("none");
    };
    CHECK(script("python -u 'my train.py' --lr 1") == "my train.py");
    CHECK(script("mpirun -n 2 python a\\ b.py") == "a b.py");
    CHECK(script("python --script=x.py y.py") == "y.py");
    CHECK(script("python ${{inputs.s}}.py") == "none");
    CHECK(script("cd x && python y.py") == "none");
    CHECK(script("python /opt/x.py y.py") == "none");
    CHECK(script("python ~/x.py --in z.py && python y.py") == "y.py");
    CHECK(script("python -m pkg") == "none");
    CHECK(script("python -c \"import x.py\"") == "import x.py");
}
