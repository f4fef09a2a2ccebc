#include "state/store.hpp"

#include "state/atomic_file.hpp"
#include "state/file_lock.hpp"
#include "support/child.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <thread>
#include <vector>

using namespace aml;
using test::TemporaryDirectory;

namespace {

/// Updates fifty times and says so after each.
void count_up(
    const state::Store& store,
    const std::string& own_key,
    const std::function<void()>& updated = [] {}) {
    for (int i = 0; i < 50; ++i) {
        store.update([&](state::Entries& entries) {
            entries[own_key + std::to_string(i)] = i;
            entries["shared"] = entries.count("shared") == 0 ? 1 : entries["shared"].get<int>() + 1;
        });
        updated();
    }
}

/// Sets fifty entries one by one, takes away as many, and says so after each.
void put_up(
    const state::Store& store,
    const std::string& own_key,
    const std::function<void()>& updated = [] {}) {
    for (int i = 0; i < 50; ++i) {
        const auto name = own_key + std::to_string(i);
        store.put({{name, std::string(2000, 'x')}, {"gone" + name, 1}});
        store.put({{"gone" + name, nullptr}});
        updated();
    }
}

/// What a process of its own does to the store `name` of a folder.
using Work = void (*)(const state::Store& store,
                      const std::string& own_key,
                      const std::function<void()>& updated);

test::ChildWork work_on_store(const char* name, Work work) {
    return {name, [work](const test::ChildWork::Arguments& arguments) {
                const state::Store store(arguments.at(0), arguments.at(1));
                work(store, arguments.at(2), test::print_mark);
                return 0;
            }};
}

const auto counting_up = work_on_store("count up in a store", count_up);
const auto putting_up = work_on_store("put up in a store", put_up);

std::string message_of_update(const state::Store& store) {
    const auto error = test::error_of([&] {
        store.update([](state::Entries& entries) { entries["key"] = std::string(100'000, 'x'); });
    });
    CHECK(error.kind() == ErrorKind::Unavailable);
    return error.message();
}

std::vector<std::string> names_in(const std::filesystem::path& directory) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

TEST_CASE("a store starts empty and returns what was saved") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path() / "deep" / "state", "runs");
    CHECK(store.load().entries.empty());
    store.update([](state::Entries& entries) { entries["a"] = {{"x", 1}}; });
    store.update([](state::Entries& entries) { entries["b"] = "ü"; });
    const auto loaded = state::Store(directory.path() / "deep" / "state", "runs").load();
    CHECK(loaded.entries == state::Entries{{"a", {{"x", 1}}}, {"b", "ü"}});
    CHECK_FALSE(loaded.notice);
    CHECK(names_in(directory.path() / "deep" / "state") ==
          std::vector<std::string>{"runs.json", "runs.lock"});
}

TEST_CASE("processes and threads that share a store lose nothing") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "shared");
    test::Child first(counting_up, {directory.path().string(), "shared", "first"});
    test::Child second(counting_up, {directory.path().string(), "shared", "second"});
    for (auto* child : {&first, &second}) REQUIRE(child->has_printed(1));
    std::jthread third([&] { count_up(store, "third"); });
    count_up(store, "fourth");
    third.join();
    for (auto* child : {&first, &second}) CHECK(child->wait() == 0);
    const auto entries = store.load().entries;
    CHECK(entries.size() == 201);
    CHECK(entries.at("shared") == 200);
}

TEST_CASE("a writer killed at any moment leaves the old entries or the new ones") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "killed");
    store.update([](state::Entries& entries) { entries["kept"] = true; });
    for (std::size_t round = 0; round < 20; ++round) {
        {
            test::Child writer(counting_up,
                               {directory.path().string(), "killed", std::string(2000, 'k')});
            // It goes on writing while it is killed.
            REQUIRE(writer.has_printed(round));
        }
        const auto loaded = store.load();
        CHECK(loaded.entries.count("kept") == 1);
        CHECK_FALSE(loaded.notice);
    }
}

TEST_CASE("single entries are set and taken away without writing the file") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "runs");
    store.update([](state::Entries& entries) { entries = {{"a", 1}, {"b", 1}}; });
    const auto before = state::read_file(store.file());
    store.put({{"a", 2}, {"b", nullptr}});
    store.put({{"c", "ü"}});
    CHECK(state::read_file(store.file()) == before);
    CHECK(store.load().entries == state::Entries{{"a", 2}, {"c", "ü"}});
    store.update([](state::Entries& entries) { entries["a"] = entries["a"].get<int>() + 1; });
    CHECK(store.load().entries == state::Entries{{"a", 3}, {"c", "ü"}});
    CHECK(state::read_file(directory.path() / "runs.changes") == "");
}

TEST_CASE("what is appended to a store stays smaller than what it holds") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "runs");
    std::uintmax_t written_whole = 0;
    std::uintmax_t last = 0;
    for (int i = 0; i < 600; ++i) {
        store.put({{std::to_string(i), std::string(1000, 'x')}});
        const auto now = std::filesystem::file_size(directory.path() / "runs.changes");
        if (now < last) ++written_whole;
        last = now;
    }
    CHECK(store.load().entries.size() == 600);
    CHECK(written_whole > 1);
    CHECK(written_whole < 8);
}

TEST_CASE("processes that set single entries of a store lose nothing") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "shared");
    test::Child first(putting_up, {directory.path().string(), "shared", "first"});
    test::Child second(putting_up, {directory.path().string(), "shared", "second"});
    for (auto* child : {&first, &second}) REQUIRE(child->has_printed(1));
    count_up(store, "third");
    put_up(store, "fourth");
    for (auto* child : {&first, &second}) CHECK(child->wait() == 0);
    const auto entries = store.load().entries;
    CHECK(entries.size() == 201);
    CHECK(entries.at("shared") == 50);
}

TEST_CASE("a writer of single entries that is killed at any moment loses no earlier one") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "killed");
    store.put({{"kept", true}});
    for (std::size_t round = 0; round < 20; ++round) {
        {
            test::Child writer(putting_up,
                               {directory.path().string(), "killed", std::string(3000, 'k')});
            // It goes on writing while it is killed.
            REQUIRE(writer.has_printed(round));
        }
        store.put({{"round" + std::to_string(round), true}});
        const auto loaded = store.load();
        CHECK(loaded.entries.contains("kept"));
        CHECK(loaded.entries.contains("round" + std::to_string(round)));
        CHECK_FALSE(loaded.notice);
    }
}

TEST_CASE("a part of a line counts for nothing, and a line that is none is put aside") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "runs");
    store.put({{"a", 1}});
    const auto line = *state::read_file(directory.path() / "runs.changes");
    directory.write("runs.changes", line + R"({"key":"b","entry":)");
    CHECK(store.load().entries == state::Entries{{"a", 1}});
    store.put({{"c", 1}});
    CHECK_FALSE(store.load().notice);
    CHECK(store.load().entries == state::Entries{{"a", 1}, {"c", 1}});
    directory.write("runs.changes", line + "nonsense\n" + R"({"key":"c","entry":2})" + "\n");
    const auto loaded = store.load();
    CHECK(loaded.entries == state::Entries{{"a", 1}, {"c", 2}});
    REQUIRE(loaded.notice);
    CHECK(loaded.notice->find("runs.changes.damaged-") != std::string::npos);
    CHECK_FALSE(store.load().notice);
    CHECK(store.load().entries == loaded.entries);
}

TEST_CASE("a damaged file is put aside, with a notice, and work goes on") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "runs");
    for (const auto* text : {"",
                             "{\"version\":1,\"entr",
                             "[]",
                             "{\"entries\":{}}",
                             "{\"version\":7,\"entries\":{}}",
                             "{\"version\":1,\"entries\":[1]}"}) {
        CAPTURE(text);
        directory.write("runs.json", text);
        const auto loaded = store.load();
        CHECK(loaded.entries.empty());
        REQUIRE(loaded.notice);
        CHECK(loaded.notice->find((directory.path() / "runs.json").string()) != std::string::npos);
        CHECK(loaded.notice->find("runs.json.damaged-") != std::string::npos);
    }
    directory.write("runs.json", "broken");
    const auto notice = store.update([](state::Entries& entries) { entries["new"] = 1; });
    CHECK(notice);
    CHECK(store.load().entries.size() == 1);
    std::size_t kept = 0;
    for (const auto& name : names_in(directory.path()))
        kept += name.find(".damaged-") != std::string::npos ? 1U : 0U;
    CHECK(kept == 7);
}

TEST_CASE("the message of a full or read-only directory says what to do") {
    CHECK(
        state::write_failure("/s/runs.json", std::make_error_code(std::errc::no_space_on_device)) ==
        "Cannot save /s/runs.json: No space left on device. Free some space and try again.");
    CHECK(
        state::write_failure("/s/runs.json",
                             std::make_error_code(std::errc::read_only_file_system)) ==
        "Cannot save /s/runs.json: Read-only file system. Make /s a folder that you may write to, "
        "or choose another state folder (XDG_STATE_HOME for the terminal).");
}

TEST_CASE("a state directory that cannot be made is named") {
    const TemporaryDirectory directory;
    directory.write("file", "not a directory");
    const state::Store store(directory.path() / "file" / "state", "runs");
    const auto message = message_of_update(store);
    CHECK(message.find((directory.path() / "file").string()) != std::string::npos);
    CHECK(store.load().entries.empty());
}

TEST_CASE("a state directory may have a path of 400 characters") {
    const TemporaryDirectory directory;
    auto deep = directory.path();
    while (deep.native().size() < 400) deep /= std::string(50, 'p');
    const state::Store store(deep, "runs");
    store.update([](state::Entries& entries) { entries["a"] = 1; });
    store.put({{"b", 2}});
    CHECK(state::Store(deep, "runs").load().entries == state::Entries{{"a", 1}, {"b", 2}});
}

TEST_CASE("a lock that is never given back is an error, not a hang") {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "x.lock";
    const state::FileLock holder(file);
    CHECK_THROWS_AS(state::FileLock(file, std::chrono::milliseconds(10)), Error);
}
