#include "platform/windows/handle.hpp"
#include "state/store.hpp"
#include "support/error_of.hpp"
#include "support/files.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml;
using test::TemporaryDirectory;

namespace {

/// What saving into the store fails with.
std::string failure_to_save(const state::Store& store) {
    const auto error =
        test::error_of([&] { store.update([](state::Entries& entries) { entries["new"] = 1; }); });
    CHECK(error.kind() == ErrorKind::Unavailable);
    CHECK(error.message().find(store.file().string()) != std::string::npos);
    return error.message();
}

}  // namespace

TEST_CASE("a store that another program has for itself alone is an error, and loses nothing") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "runs");
    store.update([](state::Entries& entries) { entries["old"] = 1; });
    {
        const platform::Handle alone(::CreateFileW(store.file().c_str(),
                                                   GENERIC_READ,
                                                   0,
                                                   nullptr,
                                                   OPEN_EXISTING,
                                                   FILE_ATTRIBUTE_NORMAL,
                                                   nullptr));
        REQUIRE(alone.is_open());
        const auto error = test::error_of([&] { store.load(); });
        CHECK(error.kind() == ErrorKind::Unavailable);
        CHECK(error.message().find(store.file().string()) != std::string::npos);
        CHECK(error.message().ends_with(
            ": Another program has it open. Close it there and try again."));
        CHECK(failure_to_save(store).ends_with("Close it there and try again."));
    }
    store.update([](state::Entries& entries) { entries["new"] = 2; });
    CHECK(store.load().entries == state::Entries{{"new", 2}, {"old", 1}});
}

TEST_CASE("a store that is marked as read-only is an error that says what to do") {
    if (test::is_wine()) {
        MESSAGE("Wine leaves that to the system below, and its root may write everything");
        return;
    }
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "runs");
    store.update([](state::Entries& entries) { entries["old"] = 1; });
    REQUIRE(::SetFileAttributesW(store.file().c_str(), FILE_ATTRIBUTE_READONLY) != 0);
    CHECK(failure_to_save(store).find("folder that you may write to") != std::string::npos);
    CHECK(store.load().entries == state::Entries{{"old", 1}});
    REQUIRE(::SetFileAttributesW(store.file().c_str(), FILE_ATTRIBUTE_NORMAL) != 0);
    store.update([](state::Entries& entries) { entries["new"] = 2; });
    CHECK(store.load().entries.size() == 2);
}
