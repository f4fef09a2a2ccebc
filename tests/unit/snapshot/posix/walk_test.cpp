#include "snapshot/listing.hpp"
#include "support/error_of.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace aml;
using test::TemporaryDirectory;

namespace {

Error failure_of_listing(const std::filesystem::path& root) {
    return test::error_of([&] { snapshot::list_files(root, {}); });
}

/// Runs `check` as a user who may not read everything, and returns whether it held.
template <typename Check>
bool holds_without_privileges(Check check) {
    const auto child = ::fork();
    if (child == 0) {
        const bool dropped = ::geteuid() != 0 || ::setuid(65534) == 0;
        ::_exit(dropped && check() ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status == 0;
}

}  // namespace

TEST_CASE("pipes and sockets are left out with a note") {
    const TemporaryDirectory directory;
    directory.write("a.py", "x");
    ::mkfifo((directory.path() / "pipe").c_str(), 0600);
    const auto listing = snapshot::list_files(directory.path(), {});
    CHECK(listing.files.size() == 1);
    CHECK(listing.notes ==
          std::vector<std::string>{"pipe was left out: it is a socket, pipe or device."});
}

TEST_CASE("a folder or ignore file that may not be read is an error that names it") {
    const TemporaryDirectory directory;
    std::filesystem::permissions(directory.path(), std::filesystem::perms(0755));
    directory.write("a.py", "x");
    directory.write("secret/b.py", "x");
    ::chmod((directory.path() / "secret").c_str(), 0);
    CHECK(holds_without_privileges([&] {
        const auto error = failure_of_listing(directory.path());
        const auto path = (directory.path() / "secret").string();
        return error.kind() == ErrorKind::Unavailable &&
               error.message() ==
                   "Cannot read " + path +
                       ": Permission denied. Make it readable, or list it in .gitignore.";
    }));
    ::chmod((directory.path() / "secret").c_str(), 0755);
    directory.write("sub/.gitignore", "x\n");
    ::chmod((directory.path() / "sub/.gitignore").c_str(), 0);
    CHECK(holds_without_privileges([&] {
        const auto error = failure_of_listing(directory.path());
        return error.kind() == ErrorKind::Unavailable &&
               error.message().find("sub/.gitignore: Permission denied") != std::string::npos;
    }));
}
