#include "snapshot/listing.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace aml;
using namespace std::string_view_literals;
using test::TemporaryDirectory;

namespace {

using KeptPaths = std::vector<std::string>;

KeptPaths kept_paths(const std::filesystem::path& root) {
    KeptPaths out;
    for (const auto& file : snapshot::list_files(root, {}).files) out.push_back(file.path);
    return out;
}

/// A work tree with code in src/model.
struct WorkTree {
    WorkTree() {
        write(".git/HEAD", "ref: refs/heads/main\n");
        for (const auto* name : {"main.py", "m.ckpt", "cache/x.bin", "deep/n.ckpt", "deep/n.py"})
            write(code() / name, "x");
    }

    std::filesystem::path path() const { return directory.path(); }

    std::filesystem::path code() const { return path() / "src/model"; }

    void write(const std::filesystem::path& file, const std::string& text) const {
        directory.write(file, text);
    }

    TemporaryDirectory directory;
};

}  // namespace

TEST_CASE("ignore files count from the repository's root down to the code folder") {
    const WorkTree tree;
    tree.write(".gitignore", "cache/\n*.ckpt\n/main.py\n");
    CHECK(kept_paths(tree.code()) == KeptPaths{"deep/n.py", "main.py"});
    tree.write("src/.gitignore", "!m.ckpt\n/model/deep/n.py\n");
    CHECK(kept_paths(tree.code()) == KeptPaths{"m.ckpt", "main.py"});
    tree.write("src/model/.gitignore", "m.ckpt\n!n.ckpt\n");
    CHECK(kept_paths(tree.code()) == KeptPaths{".gitignore", "deep/n.ckpt", "main.py"});
}

TEST_CASE("what lies above the repository's root, or where there is none, does not count") {
    const TemporaryDirectory directory;
    directory.write(".gitignore", "*.ckpt\n");
    directory.write("project/a.ckpt", "x");
    directory.write("project/a.py", "x");
    CHECK(kept_paths(directory.path() / "project") == KeptPaths{"a.ckpt", "a.py"});
    directory.write("project/.git/HEAD", "x");
    CHECK(kept_paths(directory.path() / "project") == KeptPaths{"a.ckpt", "a.py"});
}

TEST_CASE("the repository's own exclude file counts, after all others") {
    const WorkTree tree;
    tree.write(".git/info/exclude", "*.ckpt\ncache/\n");
    CHECK(kept_paths(tree.code()) == KeptPaths{"deep/n.py", "main.py"});
    tree.write("src/model/.gitignore", "!m.ckpt\n");
    CHECK(kept_paths(tree.code()) == KeptPaths{".gitignore", "deep/n.py", "m.ckpt", "main.py"});
    // A linked work tree has its exclude file where the repository is.
    const TemporaryDirectory linked;
    linked.write("a.ckpt", "x");
    linked.write("a.py", "x");
    linked.write(".git", "gitdir: " + (tree.path() / ".git/worktrees/w").string() + "\n");
    tree.write(".git/worktrees/w/HEAD", "x");
    tree.write(".git/worktrees/w/commondir", "../..\n");
    CHECK(kept_paths(linked.path()) == KeptPaths{"a.py"});
}

TEST_CASE("a .amlignore above the code folder decides for the whole repository") {
    const WorkTree tree;
    tree.write(".gitignore", "*.py\n");
    tree.write(".git/info/exclude", "*.py\n");
    tree.write(".amlignore", "*.ckpt\n");
    tree.write("src/model/.gitignore", "cache/\n");
    CHECK(kept_paths(tree.code()) ==
          KeptPaths{".gitignore", "cache/x.bin", "deep/n.py", "main.py"});
}

TEST_CASE("a code folder that is ignored as a whole is meant all the same") {
    for (const auto* rule : {"/src\n", "model/\n", "*\n", "src/**\n"}) {
        const WorkTree tree;
        tree.write(".gitignore", rule);
        tree.write("src/.gitignore", "*.ckpt\n");
        const auto listing = snapshot::list_files(tree.code(), {});
        CHECK(listing.files.size() == 5);
        REQUIRE(listing.notes.size() == 1);
        CHECK(listing.notes.front().find("is ignored as a whole") != std::string::npos);
    }
}

TEST_CASE("an ignore file with the line ends of Windows is understood") {
    const TemporaryDirectory directory;
    for (const auto* name : {"a.py", "data/big", "b.ckpt", "keep.ckpt"}) directory.write(name, "x");
    directory.write(".amlignore",
                    "\xEF\xBB\xBF# made here\r\ndata/\r\n*.ckpt\r\n!keep.ckpt\r\n\r\n");
    CHECK(kept_paths(directory.path()) == KeptPaths{".amlignore", "a.py", "keep.ckpt"});
}

TEST_CASE("an ignore file in UTF-16 is understood") {
    const TemporaryDirectory directory;
    directory.write("data/big", "x");
    directory.write("a.py", "x");
    for (const auto text : {"\xFF\xFE"
                            "d\0a\0t\0a\0/\0\r\0\n\0"sv,
                            "\xFE\xFF\0d\0a\0t\0a\0/\0\r\0\n"sv,
                            "d\0a\0t\0a\0/\0\r\0\n\0"sv}) {
        directory.write(".amlignore", text);
        CHECK(kept_paths(directory.path()) == KeptPaths{".amlignore", "a.py"});
    }
}

TEST_CASE("an ignore file that is no text is refused, as nobody knows what it leaves out") {
    const TemporaryDirectory directory;
    directory.write("a.py", "x");
    const auto file = directory.write(".amlignore", "data\0\0\0/"sv);
    const auto error = test::error_of([&] { snapshot::list_files(directory.path(), {}); });
    CHECK(error.kind() == ErrorKind::Rejected);
    CHECK(error.message() == file.string() +
                                 " is not text, so what it leaves out cannot be told. Save it as "
                                 "UTF-8.");
}

TEST_CASE("an ignore file in an old code page counts as far as it is ASCII, with a note") {
    const TemporaryDirectory directory;
    directory.write("data/big", "x");
    directory.write("a.py", "x");
    directory.write(".amlignore", "data/\ncaf\xE9/\n");
    const auto listing = snapshot::list_files(directory.path(), {});
    CHECK(listing.files.size() == 2);
    REQUIRE(listing.notes.size() == 1);
    CHECK(listing.notes.front().find(".amlignore is not UTF-8") != std::string::npos);
}
