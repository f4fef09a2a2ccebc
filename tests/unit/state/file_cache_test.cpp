#include "state/file_cache.hpp"

#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace aml;
using namespace aml::state;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_of(const fs::path& directory) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(directory)) files.push_back(entry.path());
    return files;
}

void write_text(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

std::string text_in(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("a cache gives back what was written last under a key") {
    test::TemporaryDirectory directory;
    const FileCache cache(directory.path() / "cache", 1'000'000);
    CHECK_FALSE(cache.read("a"));
    const std::string content("x\0y\n", 4);
    cache.write("a", content);
    cache.write("b", "");
    CHECK(cache.read("a") == content);
    CHECK(cache.read("b") == "");
    // Another window.
    const FileCache other(directory.path() / "cache", 1'000'000);
    other.write("a", "z");
    CHECK(cache.read("a") == "z");
    CHECK_FALSE(cache.read("ab"));
}

TEST_CASE("a file of a cache that is not as it was written counts as absent") {
    test::TemporaryDirectory directory;
    const auto folder = directory.path() / "cache";
    const FileCache cache(folder, 1'000'000);
    cache.write("key", "content");
    const auto file = files_of(folder).at(0);
    const auto whole = text_in(file);
    for (const auto& damaged : {std::string(),
                                whole.substr(0, whole.size() - 1),
                                whole.substr(1),
                                whole + "x",
                                whole.substr(0, whole.size() - 1) + "T",
                                std::string("key")}) {
        CAPTURE(damaged);
        write_text(file, damaged);
        CHECK_FALSE(cache.read("key"));
    }
    // What has the same name is not what was asked for.
    cache.write("other", "content");
    for (const auto& one : files_of(folder)) write_text(one, whole);
    CHECK(cache.read("key") == "content");
    CHECK_FALSE(cache.read("other"));
    cache.write("key", "again");
    CHECK(cache.read("key") == "again");
}

TEST_CASE("what was not used for longest goes first when a cache is full") {
    test::TemporaryDirectory directory;
    const auto folder = directory.path() / "cache";
    const FileCache cache(folder, 10'000);
    const auto hour = std::chrono::hours(1);
    for (int i = 0; i < 9; ++i) {
        cache.write(fmt::format("key {}", i), std::string(1'000, 'x'));
        // As if it were older, the first one the oldest.
        for (const auto& file : files_of(folder))
            fs::last_write_time(file, fs::last_write_time(file) - hour);
    }
    CHECK(cache.read("key 0"));
    cache.write("key 9", std::string(1'000, 'x'));
    std::uintmax_t total = 0;
    for (const auto& file : files_of(folder)) total += fs::file_size(file);
    CHECK(total <= 7'500);
    CHECK(cache.read("key 0"));
    CHECK_FALSE(cache.read("key 1"));
    CHECK_FALSE(cache.read("key 2"));
    CHECK(cache.read("key 8"));
    CHECK(cache.read("key 9"));
}
