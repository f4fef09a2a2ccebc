#include "platform/file.hpp"

#include "platform/folder.hpp"
#include "support/files.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

using namespace aml;
using platform::File;
using platform::FileKind;
using test::TemporaryDirectory;

namespace {

std::string text_of(const File& file) {
    std::string text(100, '\0');
    text.resize(file.read_at(0, text.data(), text.size()));
    return text;
}

std::string text_of(const std::filesystem::path& path) {
    return text_of(File::open(path));
}

template <typename Action>
std::error_code error_code_of(Action action) {
    try {
        action();
    } catch (const std::system_error& error) {
        return error.code();
    }
    return {};
}

}  // namespace

TEST_CASE("a file is made, written anywhere, cut and read") {
    const TemporaryDirectory folder;
    const auto path = folder.path() / "träin.txt";
    auto file = File::create_new(path);
    file.write_at(0, "0123456789");
    file.write_at(3, "abc");
    CHECK(text_of(file) == "012abc6789");
    file.resize(4);
    file.sync();
    CHECK(text_of(path) == "012a");
    CHECK(file.read_at(4, nullptr, 0) == 0);
    CHECK(File::open_or_create(path).status().size == 4);
    CHECK(error_code_of([&] { File::create_new(path); }) == std::errc::file_exists);
    CHECK(error_code_of([&] { File::open(folder.path() / "gone"); }) ==
          std::errc::no_such_file_or_directory);
}

TEST_CASE("a file is told from every other, and its changes are seen") {
    const TemporaryDirectory folder;
    auto first = File::create_new(folder.path() / "first");
    const auto second = File::create_new(folder.path() / "second");
    const auto before = first.status();
    CHECK(before.kind == FileKind::Regular);
    CHECK(before.links == 1);
    CHECK(before.inode != second.status().inode);
    CHECK(before.device == second.status().device);
    // 2020-01-01, so that it is about nanoseconds since 1970.
    CHECK(before.modified_ns > 1'577'836'800'000'000'000);
    first.write_at(0, "x");
    CHECK(platform::status(folder.path() / "first").inode == before.inode);
    CHECK(first.status().size == 1);
}

TEST_CASE("a lock keeps everybody else from it and nobody from the contents") {
    const TemporaryDirectory folder;
    const auto path = folder.path() / "lock";
    auto holder = File::open_or_create(path);
    CHECK(holder.try_lock());
    auto other = File::open_to_write(path);
    CHECK_FALSE(other.try_lock());
    other.write_at(0, "read me");
    CHECK(text_of(path) == "read me");
    holder = File();
    CHECK(other.try_lock());
    std::atomic<bool> locked = false;
    std::jthread waiting([&] {
        auto third = File::open_to_write(path);
        third.lock();
        locked = true;
    });
    CHECK_FALSE(locked);
    other = File();
    waiting.join();
    CHECK(locked);
}

TEST_CASE("a file is replaced while others have it open") {
    if (test::is_wine()) {
        MESSAGE("Wine replaces and removes no file that is open");
        return;
    }
    const TemporaryDirectory folder;
    const auto path = folder.path() / "file";
    folder.write("file", "old");
    folder.write("new", "new");
    const auto reader = File::open(path);
    platform::replace(folder.path() / "new", path);
    CHECK(text_of(path) == "new");
    CHECK(text_of(reader) == "old");
    CHECK(reader.status().links == 0);
}

TEST_CASE("a file is removed while others have it open, and its name is free at once") {
    if (test::is_wine()) {
        MESSAGE("Wine replaces and removes no file that is open");
        return;
    }
    const TemporaryDirectory folder;
    const auto path = folder.write("file", "old");
    const auto reader = File::open(path);
    CHECK(platform::remove_file(path));
    CHECK_FALSE(platform::remove_file(path));
    CHECK(reader.status().links == 0);
    CHECK(error_code_of([&] { File::open(path); }) == std::errc::no_such_file_or_directory);
    folder.write("file", "another");
    CHECK(text_of(path) == "another");
}

TEST_CASE("of those who give a file a name that is new, one succeeds") {
    const TemporaryDirectory folder;
    for (int round = 0; round < 10; ++round) {
        const auto to = folder.path() / std::to_string(round);
        std::atomic<int> winners = 0;
        std::vector<std::jthread> threads;
        for (int number = 0; number < 4; ++number) {
            const auto from = folder.write("from" + std::to_string(number), std::to_string(number));
            threads.emplace_back([&winners, from, to] {
                if (platform::rename_if_new(from, to)) ++winners;
            });
        }
        threads.clear();
        CHECK(winners == 1);
        CHECK(text_of(to).size() == 1);
    }
}

TEST_CASE("a folder is made once, and can be written to") {
    const TemporaryDirectory folder;
    const auto path = folder.path() / "made";
    CHECK(platform::make_folder(path));
    CHECK_FALSE(platform::make_folder(path));
    platform::require_writable_folder(path);
    platform::sync_folder(path);
    CHECK(std::filesystem::is_empty(path));
    CHECK_THROWS_AS(platform::require_writable_folder(folder.path() / "gone"), std::system_error);
}

TEST_CASE("a folder is tried by any number at once") {
    const TemporaryDirectory folder;
    std::atomic<int> failures = 0;
    std::vector<std::jthread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&] {
            for (int round = 0; round < 50; ++round) {
                const auto refused =
                    error_code_of([&] { platform::require_writable_folder(folder.path()); });
                if (refused) ++failures;
            }
        });
    }
    threads.clear();
    CHECK(failures == 0);
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a file may have a name that Windows makes something else of") {
    const TemporaryDirectory folder;
    for (const auto* name : {"CON", "NUL", "aux.txt", "com1", "dot.", "dots...", "blank "}) {
        CAPTURE(name);
        const auto path = folder.path() / name;
        File::create_new(path).write_at(0, name);
        CHECK(text_of(path) == name);
        CHECK(platform::status(path).kind == FileKind::Regular);
        CHECK(platform::Folder(folder.path()).names() == std::vector<std::string>{name});
        platform::replace(path, folder.path() / "other");
        CHECK(platform::rename_if_new(folder.path() / "other", path));
        CHECK(platform::remove_file(path));
        CHECK(platform::make_folder(path));
        File::create_new(path / "inner").write_at(0, "in it");
        CHECK(text_of(path / "inner") == "in it");
        CHECK(platform::remove_file(path / "inner"));
        std::error_code ignored;
        CHECK(platform::Folder(folder.path()).status(name, ignored).kind == FileKind::Folder);
        // Under a name that the standard library can remove it by.
        platform::replace(path, folder.path() / "done");
        std::filesystem::remove(folder.path() / "done");
    }
}

TEST_CASE("paths may have 400 characters") {
    const TemporaryDirectory folder;
    auto path = folder.path();
    while (path.native().size() < 400) {
        path /= std::string(50, 'p');
        CHECK(platform::make_folder(path));
    }
    File::create_new(path / "é.txt").write_at(0, "deep");
    CHECK(text_of(path / "é.txt") == "deep");
    CHECK(platform::Folder(path).names() == std::vector<std::string>{"é.txt"});
    platform::replace(path / "é.txt", path / "b.txt");
    CHECK(platform::remove_file(path / "b.txt"));
}
