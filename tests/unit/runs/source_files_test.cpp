#include "runs/source_files.hpp"

#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <system_error>

using namespace aml;
using namespace aml::runs;

namespace {

/// `project/src/train.py` is the script; `project` is open.
struct SourceFixture {
    std::filesystem::path write(const std::string& relative) {
        return directory.write(relative, "x");
    }

    std::optional<std::filesystem::path> find(const std::string& path) const {
        return local_source(path, places);
    }

    test::TemporaryDirectory directory;
    std::filesystem::path script = write("project/src/train.py");
    std::filesystem::path data = write("project/src/data/load.py");
    std::filesystem::path shared = write("project/shared.py");
    std::filesystem::path outside = write("outside.py");
    SourcePlaces places{.script = script, .folders = {directory.path() / "project"}};
};

}  // namespace

TEST_CASE("paths of jobs are local files") {
    const SourceFixture fixture;
    const std::string common = "/mnt/azureml/cr/j/0b1c/exe/wd/";
    const std::string legacy =
        "/mnt/batch/tasks/shared/LS_root/jobs/ws/azureml/run_1/mounts/code/azureml/run_1/";
    for (const std::string& folder : {common,
                                      legacy,
                                      std::string("/tmp/state/jobs/ws/a/wd/"),
                                      std::string(),
                                      std::string("./")}) {
        CAPTURE(folder);
        CHECK(fixture.find(folder + "src/train.py") == fixture.script);
        CHECK(fixture.find(folder + "train.py") == fixture.script);
        CHECK(fixture.find(folder + "src/data/load.py") == fixture.data);
        CHECK(fixture.find(folder + "data/load.py") == fixture.data);
        CHECK(fixture.find(folder + "shared.py") == fixture.shared);
    }
    CHECK(fixture.find(R"(C:\state\wd\src\train.py)") == fixture.script);
    CHECK(fixture.find(fixture.script.generic_string()) == fixture.script);
}

TEST_CASE("the longest end of a path counts, and then what is nearest to the script") {
    SourceFixture fixture;
    const auto inner = fixture.write("project/src/util.py");
    const auto outer = fixture.write("project/util.py");
    const auto copy = fixture.write("project/old/src/util.py");
    CHECK(fixture.find("/wd/util.py") == inner);
    CHECK(fixture.find("/wd/src/util.py") == inner);
    CHECK(fixture.find("/wd/old/src/util.py") == copy);
    CHECK(fixture.find("/project/util.py") == inner);
    std::filesystem::remove(inner);
    CHECK(fixture.find("/wd/util.py") == outer);
}

TEST_CASE("what Python has, and what is nowhere, is no local file") {
    SourceFixture fixture;
    fixture.write("project/site-packages/torch/nn.py");
    fixture.write("project/nn.py");
    for (const std::string path : {"/opt/conda/lib/python3.11/site-packages/torch/nn.py",
                                   "/opt/conda/lib/python3.11/nn.py",
                                   "/usr/lib/python3/dist-packages/nn.py",
                                   R"(C:\Python311\Lib\nn.py)",
                                   "<frozen importlib._bootstrap>",
                                   "<string>",
                                   "",
                                   "/",
                                   "src",
                                   "/wd/missing.py"}) {
        CAPTURE(path);
        CHECK_FALSE(fixture.find(path));
    }
}

TEST_CASE("nothing outside of the folders is a local file") {
    SourceFixture fixture;
    CHECK_FALSE(fixture.find("../../outside.py"));
    CHECK_FALSE(fixture.find("/wd/src/../../outside.py"));
    CHECK_FALSE(fixture.find(fixture.outside.generic_string()));
    std::error_code error;
    std::filesystem::create_symlink(
        fixture.outside, fixture.directory.path() / "project" / "link.py", error);
    if (!error) CHECK_FALSE(fixture.find("/wd/link.py"));
    // A path without an end.
    std::string endless;
    for (int name = 0; name < 10'000; ++name) endless += "/train.py";
    CHECK_FALSE(fixture.find(endless));
}

TEST_CASE("without an open folder the nearest parents of the script are looked through") {
    SourceFixture fixture;
    const auto near = fixture.write("a/b/c/d/train.py");
    const auto third = fixture.write("a/near.py");
    fixture.places = {.script = near, .folders = {}};
    CHECK(fixture.find("/wd/near.py") == third);
    CHECK_FALSE(fixture.find("/wd/outside.py"));
    fixture.places = {};
    CHECK_FALSE(fixture.find("/wd/train.py"));
}

TEST_CASE("a line is found again where it has moved to") {
    const std::string text = "import os\n\ndef f():\n    fail()\n\nf()\r\nfail()\n";
    const auto line = [&text](std::uint32_t number, const std::string& code) {
        return line_of(text, SourceLine{.path = "a.py", .line = number, .code = code});
    };
    CHECK(line(4, "fail()") == 4);
    CHECK(line(2, "fail()") == 4);
    CHECK(line(6, "fail()") == 7);
    CHECK(line(100, "f()") == 6);
    CHECK(line(5, "gone()") == 5);
    CHECK(line(3, "") == 3);
}
