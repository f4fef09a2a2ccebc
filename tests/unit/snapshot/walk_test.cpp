#include "snapshot/content.hpp"
#include "snapshot/listing.hpp"
#include "support/error_of.hpp"
#include "support/files.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace aml;
using test::TemporaryDirectory;

namespace {

std::vector<std::string> walked_paths(const std::filesystem::path& root) {
    std::vector<std::string> out;
    for (const auto& file : snapshot::list_files(root, {}).files) out.push_back(file.path);
    return out;
}

using Paths = std::vector<std::string>;

Error failure(const std::filesystem::path& root) {
    return test::error_of([&] { snapshot::list_files(root, {}); });
}

}  // namespace

TEST_CASE("a root .amlignore replaces .gitignore everywhere") {
    const TemporaryDirectory directory;
    for (const auto* name : {"a.py", "data/x.csv", "data/.gitignore", "sub/y.csv", "sub/z.log"})
        directory.write(name, "x");
    directory.write(".gitignore", "*.py\n");
    directory.write("sub/.amlignore", "*.log\n");
    CHECK(walked_paths(directory.path()) == Paths{".gitignore",
                                                  "data/.gitignore",
                                                  "data/x.csv",
                                                  "sub/.amlignore",
                                                  "sub/y.csv",
                                                  "sub/z.log"});
    directory.write(".amlignore", "data/\n");
    CHECK(walked_paths(directory.path()) ==
          Paths{".amlignore", ".gitignore", "a.py", "sub/.amlignore", "sub/y.csv"});
}

TEST_CASE("what another process of the product is writing is not sent") {
    const TemporaryDirectory directory;
    for (const auto* name : {"a.py",
                             "a.job.json",
                             "a.job.json.x1Y2z3.aml-tmp",
                             ".azureml/config.json.x1Y2z3.aml-tmp",
                             "notes.tmp"})
        directory.write(name, "x");
    CHECK(walked_paths(directory.path()) == Paths{"a.job.json", "a.py", "notes.tmp"});
}

TEST_CASE("runs on this computer are not sent, whatever ignore files say") {
    const TemporaryDirectory directory;
    for (const auto* name : {"a.py",
                             ".azureml/config.json",
                             ".azureml/runs/brave_fig_1/code/a.py",
                             ".azureml/runs2",
                             "sub/.azureml/runs/x",
                             "my.azureml/runs/x"})
        directory.write(name, "x");
    directory.write(".amlignore", "!.azureml/runs\n");
    CHECK(
        walked_paths(directory.path()) ==
        Paths{".amlignore", ".azureml/config.json", ".azureml/runs2", "a.py", "my.azureml/runs/x"});
}

TEST_CASE("an ignored folder is not entered, whatever lies in it") {
    const TemporaryDirectory directory;
    directory.write("a.py", "x");
    directory.write("venv/bin/python", "x");
    directory.write(".amlignore", "venv/\n!venv/bin/python\n");
    if (test::can_link())
        std::filesystem::create_symlink("nowhere", directory.path() / "venv/dangling");
    directory.write("venv" / test::ill_formed_name().name, "x");
    CHECK(walked_paths(directory.path()) == Paths{".amlignore", "a.py"});
}

TEST_CASE(".git never goes, as a folder or as a file") {
    const TemporaryDirectory directory;
    directory.write("a.py", "x");
    directory.write(".git/HEAD", "x");
    directory.write("module/.git", "gitdir: ../x");
    directory.write(".amlignore", "!.git\n");
    CHECK(walked_paths(directory.path()) == Paths{".amlignore", "a.py"});
}

TEST_CASE("links to files and folders are followed under the link's path") {
    if (!test::can_link()) {
        MESSAGE("links cannot be made here");
        return;
    }
    const TemporaryDirectory directory;
    const TemporaryDirectory elsewhere;
    elsewhere.write("deep/data.csv", "12345");
    directory.write("a.py", "x");
    std::filesystem::create_directory_symlink(elsewhere.path(), directory.path() / "data");
    std::filesystem::create_symlink("a.py", directory.path() / "b.py");
    const auto listing = snapshot::list_files(directory.path(), {});
    CHECK(walked_paths(directory.path()) == Paths{"a.py", "b.py", "data/deep/data.csv"});
    CHECK(listing.bytes == 7);
    directory.write(".amlignore", "data/\n");
    CHECK(walked_paths(directory.path()) == Paths{".amlignore", "a.py", "b.py"});
}

TEST_CASE("links that lead in a circle are left out with a note") {
    if (!test::can_link()) {
        MESSAGE("links cannot be made here");
        return;
    }
    const TemporaryDirectory directory;
    directory.write("one/a.py", "x");
    directory.write("two/b.py", "x");
    std::filesystem::create_directory_symlink("..", directory.path() / "one/up");
    std::filesystem::create_directory_symlink("../two", directory.path() / "one/two");
    std::filesystem::create_directory_symlink("../one", directory.path() / "two/one");
    const auto listing = snapshot::list_files(directory.path(), {});
    CHECK(walked_paths(directory.path()) ==
          Paths{"one/a.py", "one/two/b.py", "two/b.py", "two/one/a.py"});
    REQUIRE(listing.notes.size() == 4);
    CHECK(listing.notes[0] ==
          "one/two/one was left out: the link leads back to a folder it lies in.");
}

TEST_CASE("a link that leads nowhere is an error that names it") {
    if (!test::can_link()) {
        MESSAGE("links cannot be made here");
        return;
    }
    const TemporaryDirectory directory;
    directory.write("a.py", "x");
    std::filesystem::create_symlink("gone", directory.path() / "data");
    const auto error = failure(directory.path());
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message() ==
          "The link data leads nowhere. Repair or remove it, or list it in .gitignore.");
    directory.write(".amlignore", "/data\n");
    CHECK(walked_paths(directory.path()) == Paths{".amlignore", "a.py"});
}

TEST_CASE("a missing, wrong or empty code folder is named") {
    const TemporaryDirectory directory;
    const auto missing = failure(directory.path() / "gone");
    CHECK(missing.kind() == ErrorKind::NotFound);
    CHECK(missing.message() ==
          "The folder " + (directory.path() / "gone").string() + " does not exist.");
    const auto file = directory.write("file", "x");
    CHECK(failure(file).message() == file.string() + " is not a folder.");
    std::filesystem::create_directory(directory.path() / "empty");
    const auto empty = failure(directory.path() / "empty");
    CHECK(empty.kind() == ErrorKind::Rejected);
    CHECK(empty.message().find("has no file to upload") != std::string::npos);
    directory.write("all/x.py", "x");
    directory.write("all/.amlignore", "*\n");
    CHECK(failure(directory.path() / "all").message().find("has no file to upload") !=
          std::string::npos);
}

TEST_CASE("a name that is not UTF-8 is an error that shows its bytes") {
    const TemporaryDirectory directory;
    if (test::is_wine()) {
        MESSAGE("Wine keeps names as UTF-8 and has none for such a file");
        return;
    }
    const auto [name, shown] = test::ill_formed_name();
    directory.write("sub" / name, "x");
    CHECK(failure(directory.path()).message() ==
          "The name sub/" + shown + " is not UTF-8. Rename it, or list it in .gitignore.");
}

TEST_CASE("a path too long for a blob is an error that names it") {
    const TemporaryDirectory directory;
    std::filesystem::path path;
    for (int i = 0; i < 5; ++i) path /= std::string(240, 'p');
    directory.write(path / "x", "x");
    CHECK(failure(directory.path()).message().find("is too long for Azure Storage") !=
          std::string::npos);
}

TEST_CASE("two spellings of one name are refused, since one would hide the other") {
    const TemporaryDirectory directory;
    directory.write("caf\u00E9.txt", "x");
    directory.write("cafe\u0301.txt", "x");
    CHECK(failure(directory.path()).message() ==
          "Two files are called caf\u00E9.txt, with an accent that is written in two ways. Rename "
          "one "
          "of them, or list it in .gitignore.");
}

TEST_CASE("rules mean a name however its accents are stored") {
    const TemporaryDirectory directory;
    for (const auto* name : {"a.py", "e\u0301te/x", "caf\u00E9"}) directory.write(name, "x");
    directory.write(".amlignore", "\u00E9te/\ncafe\u0301\n");
    CHECK(walked_paths(directory.path()) == Paths{".amlignore", "a.py"});
}

TEST_CASE("names that Windows makes something else of are read like any other") {
    const TemporaryDirectory directory;
    const Paths names{"aux.txt", "blank ", "CON", "dot.", "NUL/com1"};
    for (const auto& name : names) directory.write(name, name);
    const auto listing = snapshot::list_files(directory.path(), {});
    CHECK(walked_paths(directory.path()) == names);
    for (const auto& file : listing.files)
        CHECK(snapshot::read_part(listing, file, 0, file.stamp.size) == file.path);
}

TEST_CASE("of folders that differ only in case nothing is lost") {
    const TemporaryDirectory directory;
    directory.write("Data/a.py", "x");
    directory.write("data/b.py", "y");
    const bool one_folder = std::filesystem::exists(directory.path() / "Data/b.py");
    CHECK(walked_paths(directory.path()) ==
          (one_folder ? Paths{"Data/a.py", "Data/b.py"} : Paths{"Data/a.py", "data/b.py"}));
}

TEST_CASE("a path of 400 characters is listed and read") {
    const TemporaryDirectory directory;
    std::filesystem::path path;
    while (path.native().size() < 400) path /= std::string(50, 'p');
    directory.write(path / "train.py", "deep");
    const auto listing = snapshot::list_files(directory.path() / path, {});
    REQUIRE(listing.files.size() == 1);
    CHECK(snapshot::read_part(listing, listing.files[0], 0, 4) == "deep");
    CHECK(snapshot::list_files(directory.path(), {}).files.size() == 1);
}
