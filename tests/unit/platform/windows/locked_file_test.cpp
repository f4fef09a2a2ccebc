#include "platform/file.hpp"
#include "platform/windows/handle.hpp"
#include "support/files.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>

using namespace aml;
using test::TemporaryDirectory;

namespace {

/// A file that somebody, such as a virus scanner, has open for himself alone.
platform::Handle open_alone(const std::filesystem::path& path) {
    platform::Handle file(::CreateFileW(
        path.c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
    REQUIRE(file.is_open());
    return file;
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

template <typename Action>
std::error_code refusal_of(Action action) {
    try {
        action();
    } catch (const std::system_error& error) {
        return error.code();
    }
    return {};
}

}  // namespace

TEST_CASE("a file that somebody has for himself alone is an error that says so") {
    const TemporaryDirectory folder;
    const auto path = folder.write("file", "old");
    const auto fresh = folder.write("new", "new");
    {
        const auto alone = open_alone(path);
        CHECK(refusal_of([&] { platform::File::open(path); }) == std::errc::text_file_busy);
        CHECK(refusal_of([&] { platform::replace(fresh, path); }) == std::errc::text_file_busy);
        CHECK(refusal_of([&] { platform::remove_file(path); }) == std::errc::text_file_busy);
    }
    CHECK(content_of(path) == "old");
    CHECK(content_of(fresh) == "new");
}

TEST_CASE("a file that somebody lets go of in time is replaced and removed") {
    const TemporaryDirectory folder;
    const auto path = folder.write("file", "old");
    const auto fresh = folder.write("new", "new");
    auto alone = open_alone(path);
    std::jthread replacing([&] { platform::replace(fresh, path); });
    alone.close();
    replacing.join();
    CHECK(content_of(path) == "new");
    alone = open_alone(path);
    std::jthread removing([&] { platform::remove_file(path); });
    alone.close();
    removing.join();
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a file that is marked as read-only keeps its contents, and can be removed") {
    if (test::is_wine()) {
        MESSAGE("Wine leaves that to the system below, and its root may write everything");
        return;
    }
    const TemporaryDirectory folder;
    const auto path = folder.write("file", "old");
    const auto fresh = folder.write("new", "new");
    REQUIRE(::SetFileAttributesW(path.c_str(), FILE_ATTRIBUTE_READONLY) != 0);
    CHECK(refusal_of([&] { platform::File::open_to_write(path); }) == std::errc::permission_denied);
    CHECK(refusal_of([&] { platform::replace(fresh, path); }) == std::errc::permission_denied);
    CHECK(content_of(path) == "old");
    CHECK(platform::remove_file(path));
}
