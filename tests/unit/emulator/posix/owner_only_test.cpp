#include "program/state_folder.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_directory.hpp"
#include "web/certificate.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>

namespace aml::emulator::owner_only_test {

namespace {

std::filesystem::perms permissions_of(const std::filesystem::path& path) {
    return std::filesystem::status(path).permissions();
}

}  // namespace

TEST_CASE("nobody else may read the ready line, since it holds the secret") {
    const aml::test::TemporaryDirectory folder;
    StateClaim claim(folder.path());
    claim.announce("secret");
    CHECK(permissions_of(folder.path() / "ready.json") == std::filesystem::perms(0600));
}

TEST_CASE("a state without a folder gets one that only its owner may use, removed at the end") {
    std::filesystem::path path;
    {
        const StateFolder state(std::nullopt);
        path = state.path();
        CHECK(permissions_of(path) == std::filesystem::perms(0700));
    }
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("the key of --tls is the owner's alone") {
    const aml::test::TemporaryDirectory folder;
    load_certificate(folder.path(), aml::test::new_year());
    CHECK(permissions_of(folder.path() / "tls" / "server.key") == std::filesystem::perms(0600));
}

}  // namespace aml::emulator::owner_only_test
