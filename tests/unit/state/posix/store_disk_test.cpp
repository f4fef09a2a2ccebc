#include "state/store.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace aml;
using test::TemporaryDirectory;

namespace {

/// The exit code of a forked process that does some work. A limit on file sizes fails its writes
/// the way a full disk does, without one.
template <typename Work>
int exit_code_on_full_disk(Work work) {
    const auto child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1024, 1024};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::_exit(work() ? 7 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("nobody else may read a store") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "runs");
    store.update([](state::Entries& entries) { entries["a"] = 1; });
    const auto mode = std::filesystem::status(store.file()).permissions();
    CHECK((mode & std::filesystem::perms::all) == std::filesystem::perms(0600));
}

TEST_CASE("a full disk while entries are set is reported and the old entries stay") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "runs");
    store.put({{"old", 1}});
    CHECK(exit_code_on_full_disk([&] {
              const auto error = test::error_of([&] {
                  store.put({{"key", std::string(100'000, 'x')}});
              });
              return error.kind() == ErrorKind::Unavailable &&
                     store.load().entries == state::Entries{{"old", 1}};
          }) == 7);
    CHECK(store.load().entries.size() == 1);
}

TEST_CASE("a full disk is reported and the old entries stay") {
    const TemporaryDirectory directory;
    const state::Store store(directory.path(), "runs");
    store.update([](state::Entries& entries) { entries["old"] = 1; });
    CHECK(exit_code_on_full_disk([&] {
              const auto error = test::error_of([&] {
                  store.update(
                      [](state::Entries& entries) { entries["key"] = std::string(100'000, 'x'); });
              });
              return error.kind() == ErrorKind::Unavailable &&
                     error.message().find(store.file().string()) != std::string::npos &&
                     store.load().entries.size() == 1;
          }) == 7);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
        const auto name = entry.path().filename();
        CHECK((name == "runs.json" || name == "runs.lock"));
        ++files;
    }
    CHECK(files == 2);
}
