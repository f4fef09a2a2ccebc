#include "platform/folder.hpp"

#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace aml;
using platform::FileKind;
using platform::Folder;
using test::TemporaryDirectory;

namespace {

std::vector<std::string> sorted_names(const Folder& folder) {
    auto names = folder.names();
    std::sort(names.begin(), names.end());
    return names;
}

FileKind kind_in(const Folder& folder, const std::string& name) {
    std::error_code error;
    const auto status = folder.status(name, error);
    CHECK_FALSE(error);
    return status.kind;
}

}  // namespace

TEST_CASE("a folder gives its names, and what they lead to") {
    const TemporaryDirectory directory;
    directory.write("sub/é/数据.csv", "12345");
    directory.write("a b.txt", "x");
    const Folder folder(directory.path());
    CHECK(sorted_names(folder) == std::vector<std::string>{"a b.txt", "sub"});
    CHECK(sorted_names(folder) == std::vector<std::string>{"a b.txt", "sub"});
    CHECK(kind_in(folder, "sub") == FileKind::Folder);
    CHECK(kind_in(folder, "a b.txt") == FileKind::Regular);
    const Folder inner(Folder(folder, "sub"), "é");
    CHECK(inner.names() == std::vector<std::string>{"数据.csv"});
    std::error_code error;
    CHECK(folder.status("sub/é/数据.csv", error).size == 5);
    folder.status("gone", error);
    CHECK(error == std::errc::no_such_file_or_directory);
    CHECK_THROWS_AS(Folder(folder, "a b.txt"), std::system_error);
    CHECK_THROWS_AS(Folder(directory.path() / "gone"), std::system_error);
}

TEST_CASE("a folder is the same one by whatever way") {
    const TemporaryDirectory directory;
    directory.write("sub/x", "x");
    const Folder folder(directory.path());
    std::error_code error;
    const auto seen = folder.status("sub", error);
    const auto opened = Folder(folder, "sub").status();
    CHECK(seen.kind == FileKind::Folder);
    CHECK(seen.inode == opened.inode);
    CHECK(seen.device == opened.device);
    CHECK(seen.inode != folder.status().inode);
}

TEST_CASE("links are followed or shown") {
    const TemporaryDirectory directory;
    directory.write("sub/x", "x");
    std::error_code refused;
    std::filesystem::create_directory_symlink("sub", directory.path() / "link", refused);
    std::filesystem::create_symlink("gone", directory.path() / "dangling", refused);
    if (refused) {
        MESSAGE("links may not be made here");
        return;
    }
    const Folder folder(directory.path());
    std::error_code error;
    CHECK(folder.status("link", error).inode == folder.status("sub", error).inode);
    CHECK(folder.link_status("link", error).kind == FileKind::Link);
    CHECK(Folder(folder, "link").names() == std::vector<std::string>{"x"});
    CHECK(folder.link_status("dangling", error).kind == FileKind::Link);
    folder.status("dangling", error);
    CHECK(error == std::errc::no_such_file_or_directory);
}
