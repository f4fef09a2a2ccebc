#include "runs/run_code.hpp"

#include "support/run.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace aml;
using runs::CodeChange;
using runs::FileChange;

namespace {

/// A version of the code whose files say when they are read.
struct Version {
    std::vector<runs::ComparedFile> files{};
    std::vector<std::string> read{};

    void add(std::string path, std::string content) {
        runs::ComparedFile file{.path = path, .size = content.size()};
        file.md5 = [this, path, content](const std::stop_token&) -> asio::awaitable<std::string> {
            read.push_back(path);
            co_return "hash of " + content;
        };
        files.push_back(std::move(file));
    }
};

std::vector<CodeChange> changes_between(const Version& before, const Version& after) {
    asio::io_context loop;
    return test::run(loop, runs::compare_files(before.files, after.files, {}));
}

}  // namespace

TEST_CASE("files that differ are told by path, with what became of them") {
    Version before;
    before.add("src/train.py", "one");
    before.add("data.csv", "1,2");
    before.add("README.md", "same");
    before.add("old.py", "");
    Version after;
    after.add("README.md", "same");
    after.add("data.csv", "3,4");
    after.add("new/model.py", "x");
    after.add("src/train.py", "longer");
    const std::vector<CodeChange> wanted{{"data.csv", FileChange::Changed},
                                         {"new/model.py", FileChange::Added},
                                         {"old.py", FileChange::Removed},
                                         {"src/train.py", FileChange::Changed}};
    CHECK(changes_between(before, after) == wanted);
    // What has another size needs no look at its content.
    CHECK(before.read == std::vector<std::string>{"README.md", "data.csv"});
}

TEST_CASE("the same code has no differences, and neither has none at all") {
    Version version;
    version.add("train.py", "one");
    CHECK(changes_between(version, version).empty());
    CHECK(changes_between({}, {}).empty());
}
