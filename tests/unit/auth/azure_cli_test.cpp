#include "auth/azure_cli_credential.hpp"
#include "support/program_file.hpp"
#include "support/temporary_directory.hpp"
#include "unit/auth/fixture.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace aml;

namespace {

/// An `az` in a folder of its own that does what it is told.
struct CliFixture : test::AuthFixture {
    ~CliFixture() { pool.join(); }

    void az(const test::Doing& doing) const { test::write_program(folder.path(), "az", doing); }

    /// What it has left there, as one text without quotes and line ends.
    std::string written(const char* name) const {
        std::ifstream input(folder.path() / name);
        std::string text(std::istreambuf_iterator<char>(input), {});
        // Which az.cmd gets and writes.
        std::erase_if(text, [](char letter) { return letter == '"' || letter == '\n'; });
        return text;
    }

    auth::AzureCliCredential credential(
        std::chrono::milliseconds timeout = std::chrono::minutes(1)) {
        return {pool, clock, folder.path().string(), "", timeout};
    }

    test::TemporaryDirectory folder;
    asio::thread_pool pool{1};
};

constexpr const char* answer =
    R"({
  "accessToken": "eyJ0.e30.x",
  "expiresOn": "2026-01-31 12:34:56.000000",
  "expires_on": 1769862896,
  "subscription": "00000000-0000-0000-0000-000000000000",
  "tenant": "00000000-0000-0000-0000-000000000001",
  "tokenType": "Bearer"
}
)";

}  // namespace

TEST_CASE_FIXTURE(CliFixture, "the Azure CLI is asked for a scope and a tenant, away from here") {
    az({.output = answer});
    auto cli = credential();
    const auto token = this->token(cli, {"https://management.azure.com/.default", "t-1"});
    CHECK(token.value == Secret("eyJ0.e30.x"));
    CHECK(std::chrono::system_clock::to_time_t(token.expires_at) == 1'769'862'896);
    CHECK(written("arguments") ==
          "account get-access-token --output json --scope https://management.azure.com/.default "
          "--tenant t-1");
    const std::filesystem::path here = written("folder");
    CHECK(here == here.root_path());
}

TEST_CASE("a CLI that only knows local time is understood") {
    std::tm parts{};
    parts.tm_year = 126;
    parts.tm_mday = 31;
    parts.tm_hour = 12;
    parts.tm_isdst = -1;
    const auto token =
        auth::parse_cli_token(R"({"accessToken": "a", "expiresOn": "2026-01-31 12:00:00.123456"})");
    CHECK(std::chrono::system_clock::to_time_t(token.expires_at) == std::mktime(&parts));
    for (const auto* text : {"", "[]", R"({"accessToken": "a"})", R"({"expires_on": 1})"})
        CHECK_THROWS_AS(auth::parse_cli_token(text), Error);
}

TEST_CASE_FIXTURE(CliFixture, "no CLI, no sign-in, a refusal and a hang are told apart") {
    auto cli = credential();
    const auto anew = [&] {
        cli.ask_again();
        return failure(cli);
    };
    CHECK(anew().message() == "The Azure CLI is not installed: there is no az in PATH.");
    az({.errors = "ERROR: Please run 'az login' to setup account.\n", .exit_code = 1});
    CHECK(anew().message() ==
          "Nobody is signed in to the Azure CLI; run \"az login\" in a terminal.");
    az({.errors = "ERROR: AADSTS700082: The refresh token has expired due to inactivity. "
                  "Trace ID: 1\n",
        .exit_code = 1});
    const auto refused = anew();
    CHECK(refused.kind() == ErrorKind::NotSignedIn);
    CHECK(refused.message() ==
          "The Azure CLI says: AADSTS700082: The refresh token has expired due to inactivity. If "
          "its sign-in has ended, run \"az login\" in a terminal.");
    az({.errors = "requests.exceptions.ConnectionError: Max retries exceeded\n", .exit_code = 1});
    CHECK(anew().kind() == ErrorKind::Unavailable);
    az({.exit_code = 1});
    CHECK(anew().message().find("failed without saying why") != std::string::npos);
    az({.lasts = true});
    auto impatient = credential(std::chrono::milliseconds(100));
    CHECK(failure(impatient).kind() == ErrorKind::TimedOut);
}

TEST_CASE_FIXTURE(CliFixture, "no token of the CLI gets into a message") {
    az({.errors = "ERROR: got eyJhbGciOi.eyJhdWQi.sig-nature_1 and failed\n", .exit_code = 1});
    auto cli = credential();
    CHECK(failure(cli).message().find("got *** and failed") != std::string::npos);
}

TEST_CASE_FIXTURE(CliFixture, "a claims challenge is passed on to the user") {
    az({.exit_code = 3});
    auto cli = credential();
    CHECK(failure(cli, {"s", "t-1", "e30="})
              .message()
              .find("run az login --tenant t-1 --claims-challenge e30= in a terminal") !=
          std::string::npos);
}

TEST_CASE_FIXTURE(CliFixture, "nothing but an id gets into the command line") {
    auto cli = credential();
    for (const auto* tenant : {"t;reboot", "t 1", "$(x)"})
        CHECK(failure(cli, {"s", tenant}).message().find("cannot be the id of a tenant") !=
              std::string::npos);
}

TEST_CASE_FIXTURE(CliFixture, "a CLI that nobody is signed in to is not run for every request") {
    az({.errors = "ERROR: Please run az login.\n", .exit_code = 1});
    auto cli = credential();
    const auto runs = [this] { return written("runs").size() / 3; };
    CHECK(failure(cli).message() == failure(cli, {"other/.default"}).message());
    CHECK(runs() == 1);
    failure(cli, {"s/.default", "t-2"});
    CHECK(runs() == 2);
    clock.advance(std::chrono::seconds(15));
    failure(cli);
    CHECK(runs() == 3);
    // The user has signed in to it, and says so.
    az({.output = answer});
    CHECK(failure(cli).kind() == ErrorKind::NotSignedIn);
    cli.ask_again();
    CHECK(token(cli).value == Secret("eyJ0.e30.x"));
    CHECK(runs() == 4);
}
