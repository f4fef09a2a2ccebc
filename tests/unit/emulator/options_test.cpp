#include "program/options.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

namespace aml::emulator::options_test {

namespace {

std::string options_complaint(std::vector<std::string> arguments) {
    return aml::test::error_of([&] { parse_options(arguments); }).message();
}

}  // namespace

TEST_CASE("options are read with a blank or an equals sign") {
    const auto options = parse_options({"--port",
                                        "8080",
                                        "--state=/tmp/s",
                                        "--latency",
                                        "20",
                                        "--environments=system",
                                        "--page-size",
                                        "7",
                                        "--tls"});
    CHECK(options.port == 8080);
    CHECK(options.state == "/tmp/s");
    CHECK(options.latency == std::chrono::milliseconds(20));
    CHECK(options.settings.environments == Environments::System);
    CHECK(options.settings.page_size == 7);
    CHECK(options.tls);
    CHECK(parse_options({}).port == 0);
    CHECK_FALSE(parse_options({}).tls);
}

TEST_CASE("a wrong option is named with what it takes") {
    CHECK(options_complaint({"--port", "70000"}) ==
          "--port takes a whole number from 0 to 65535, not '70000'.");
    CHECK(options_complaint({"--port"}) == "--port needs a value: --port N.");
    CHECK(options_complaint({"--state="}) == "--state needs a value that is not empty.");
    CHECK(options_complaint({"--environments", "none"}) ==
          "--environments takes build or system, not 'none'.");
    CHECK(options_complaint({"--what", "x"}) == "'aml emulator' has no option --what.");
    CHECK(options_complaint({"word"}) == "'aml emulator' takes no 'word'.");
    CHECK(options_complaint({"--port", "1", "--port", "2"}) == "--port is given twice.");
    CHECK(options_complaint({"--tls=yes"}) == "--tls takes no value.");
}

TEST_CASE("a shared emulator needs a state, and may leave when it is idle") {
    const auto options = parse_options({"--shared", "--state", "/tmp/s", "--idle-exit", "15"});
    CHECK(options.shared);
    CHECK(options.idle_exit == std::chrono::minutes(15));
    CHECK(!parse_options({}).idle_exit);
    CHECK(options_complaint({"--shared"}) == "--shared needs --state.");
    CHECK(options_complaint({"--idle-exit", "0"}).find("--idle-exit takes a whole number") !=
          std::string::npos);
}

TEST_CASE("help names every option") {
    CHECK(parse_options({"--port", "1", "--help", "--what"}).help);
    CHECK(parse_options({"--version"}).version);
    CHECK(usage().find("  --port N                port to listen on") != std::string::npos);
    CHECK(usage().find("  --idle-exit MINUTES     end when") != std::string::npos);
}

}  // namespace aml::emulator::options_test
