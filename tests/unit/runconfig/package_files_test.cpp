#include "runconfig/package_files.hpp"

#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

using namespace aml;
using namespace aml::runconfig;

namespace {

std::string failure(const std::function<void()>& action) {
    return test::error_of(action).message();
}

}  // namespace

TEST_CASE("a conda file is read in its parts and written back as JSON") {
    const auto packages = parse_conda(
        "name: e\nchannels: [conda-forge]\ndependencies:\n  - python=3.10\n  - pip:\n    - "
        "torch==2.3\n");
    CHECK(packages.name == "e");
    CHECK(packages.channels == std::vector<std::string>{"conda-forge"});
    CHECK(packages.conda == std::vector<std::string>{"python=3.10"});
    CHECK(packages.pip == std::vector<std::string>{"torch==2.3"});
    CHECK(
        to_json(packages).dump() ==
        R"({"name":"e","channels":["conda-forge"],"dependencies":["python=3.10",{"pip":["torch==2.3"]}]})");
    CHECK(from_json(to_json(packages)) == packages);
}

TEST_CASE("a conda file that is none is refused with line and column") {
    CHECK(failure([] { parse_conda("a: [1\nb: 2"); }).starts_with("line 2, column"));
    CHECK(failure([] { parse_conda("just text"); }) ==
          "Expected a conda specification with “dependencies”.");
    CHECK(failure([] { parse_conda("name: e\n"); }) ==
          "Expected a conda specification with “dependencies”.");
    CHECK(failure([] { parse_conda("dependencies:\n  numpy: 1\n"); }) ==
          "line 2, column 3: “dependencies” must be a list.");
    CHECK(failure([] { parse_conda("dependencies:\n- npm: [x]\n"); }) ==
          "line 2, column 3: only “pip” may hold a list inside “dependencies”.");
}

TEST_CASE("sections that conda ignores are no error") {
    const auto packages = parse_conda(
        "name: e\nprefix: /e\nvariables: {A: b}\nchannels: []\nplatforms: [linux-64]\n"
        "category: main\ndependencies: [python]\n");
    CHECK(packages.ignored == std::vector<std::string>{"platforms", "category"});
    CHECK(packages.conda == std::vector<std::string>{"python"});
    CHECK(ignored_section("platforms") ==
          "conda ignores “platforms”: the sections it knows are name, channels, dependencies, "
          "variables, prefix.");
}

TEST_CASE("a conda file whose pip list points to local files is refused with the place") {
    CHECK(failure([] { parse_conda("dependencies:\n- pip:\n  - numpy\n  - -r r.txt\n"); }) ==
          "line 4, column 5: “-r r.txt” points to another file, which is not there when the "
          "environment is built in Azure. Write the packages themselves.");
    CHECK(failure([] {
              from_json(
                  nlohmann::ordered_json::parse(R"({"dependencies": [{"pip": ["./a.whl"]}]})"));
          }) ==
          "“./a.whl” is a local path, which is not there when the environment is built in Azure. "
          "Write the packages themselves.");
    CHECK(failure([] { parse_conda("dependencies:\n- pip:\n"); }) ==
          "line 2, column 3: “pip:” has no list: name the packages, or write “pip” without the "
          "colon.");
    CHECK(failure([] { parse_conda("dependencies:\n- pip: numpy\n"); }) ==
          "line 2, column 8: “pip” must be a list.");
}

TEST_CASE("a requirements file is read as pip reads it") {
    const auto packages = parse_requirements(
        "# note\nnumpy  # why\n\nscikit-learn>=1.4 ; python_version > \"3.8\"\r\nx @ "
        "https://h/p#egg=x\ntorch \\\n  ==2.3\n--index-url https://i\n");
    CHECK(packages.conda == std::vector<std::string>{"python=3.11", "pip"});
    CHECK(packages.pip == std::vector<std::string>{"numpy",
                                                   "scikit-learn>=1.4 ; python_version > \"3.8\"",
                                                   "x @ https://h/p#egg=x",
                                                   "torch ==2.3",
                                                   "--index-url https://i"});
}

TEST_CASE("a requirements file that points to local files is refused with the line") {
    CHECK(failure([] { parse_requirements("numpy\n\n-r other.txt  # more\n"); }) ==
          "line 3: “-r other.txt” points to another file, which is not there when the environment "
          "is built in Azure. Write the packages themselves.");
    CHECK(parse_requirements("--extra-index-url https://x").pip.size() == 1);
}

TEST_CASE("a package file is read in the Unicode encoding it was saved in, and must be one") {
    const test::TemporaryDirectory folder;
    const auto read = [&folder](PackageFile::Format format, const std::string& bytes) {
        return read_package_file({folder.write("f", bytes), format});
    };
    using Format = PackageFile::Format;
    CHECK(read(Format::Requirements, "\xEF\xBB\xBFnumpy\n").pip ==
          std::vector<std::string>{"numpy"});
    CHECK(read(Format::Requirements, std::string("\xFF\xFEn\0x\0\r\0\n\0", 10)).pip ==
          std::vector<std::string>{"nx"});
    std::string utf16 = "\xFE\xFF";
    for (const char c : std::string_view("dependencies: [python]\r\n")) utf16 += {'\0', c};
    CHECK(read(Format::Conda, utf16).conda == std::vector<std::string>{"python"});
    for (const auto* bytes : {"# caf\xE9\nnumpy\n", "\xFF\xFEn"}) {
        CHECK(failure([&] { read(Format::Requirements, bytes); }) ==
              (folder.path() / "f").string() + " is not UTF-8 text. Save it as UTF-8.");
    }
}

TEST_CASE("package files beside a script are found and read") {
    const test::TemporaryDirectory folder;
    folder.write("requirements-gpu.txt", "torch\n");
    folder.write("environment.yml", "dependencies: [python]\n");
    folder.write("notes.txt", "x");
    const auto found = find_package_files(folder.path());
    REQUIRE(found.size() == 2);
    CHECK(found[0].format == PackageFile::Format::Conda);
    CHECK(read_package_file(found[0]).conda == std::vector<std::string>{"python"});
    CHECK(read_package_file(found[1]).pip == std::vector<std::string>{"torch"});
    folder.write("environment.yml", "x");
    CHECK(failure([&] {
              read_package_file(found[0]);
          }).starts_with("environment.yml: Expected a conda"));
    CHECK(find_package_files(folder.path() / "none").empty());
    CHECK(failure([&] {
              read_package_file({folder.path() / "none.yml", PackageFile::Format::Conda});
          }).ends_with("does not exist."));
    CHECK(failure([&] {
              read_package_file({folder.path(), PackageFile::Format::Conda});
          }) == "“" + folder.path().string() + "” is a folder: name a file in it.");
}
