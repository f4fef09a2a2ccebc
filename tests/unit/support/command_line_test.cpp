#include "support/command_line.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace aml;

namespace {

constexpr std::array<OptionSpec, 4> options{{{"--file", "FILE", Localizable("what is sent")},
                                             {"--count", "N", Localizable("how\noften")},
                                             {"--quick", "", Localizable("now")},
                                             {"--tag", "TAG", Localizable("a tag"), true}}};

CommandLine read(const std::vector<std::string>& words) {
    return CommandLine("aml send", words, {options});
}

std::string complaint(const std::vector<std::string>& words) {
    return test::error_of([&] { read(words); }).message();
}

}  // namespace

TEST_CASE("options and operands come in any order, values with a blank or an equals sign") {
    const auto line = read({"a", "--file", "-x", "--quick", "b", "--count=3", "--", "--file"});
    CHECK(line.operands() == std::vector<std::string>{"a", "b", "--file"});
    CHECK(line.value("--file") == "-x");
    CHECK(line.number("--count", 1, 3) == 3);
    CHECK(line.has("--quick"));
    CHECK_FALSE(read({}).has("--quick"));
    CHECK(read({}).value("--file") == std::nullopt);
    CHECK(read({}).number("--count", 1, 3) == std::nullopt);
    CHECK(read({"-"}).operands() == std::vector<std::string>{"-"});
}

TEST_CASE("reading ends where help is asked for") {
    CHECK(read({"--quick", "-h", "--what"}).wants_help());
    CHECK(read({"--help"}).wants_help());
    CHECK_FALSE(read({"--", "--help"}).wants_help());
    CHECK(option_lines(options) ==
          "  --file FILE             what is sent\n"
          "  --count N               how\n"
          "                          often\n"
          "  --quick                 now\n"
          "  --tag TAG               a tag\n");
}

TEST_CASE("what is wrong with a command line is said in a sentence") {
    CHECK(complaint({"--what"}) == "'aml send' has no option --what.");
    CHECK(complaint({"--what=1"}) == "'aml send' has no option --what.");
    CHECK(complaint({"--file"}) == "--file needs a value: --file FILE.");
    CHECK(complaint({"--file="}) == "--file needs a value that is not empty.");
    CHECK(complaint({"--quick=1"}) == "--quick takes no value.");
    CHECK(complaint({"--quick", "--quick"}) == "--quick is given twice.");
    CHECK(read({"--tag", "a", "--tag=b"}).values("--tag") == std::vector<std::string>{"a", "b"});
    CHECK(read({}).values("--tag").empty());
    const auto line = read({"--count", "4", "--file", "c"});
    CHECK(test::error_of([&] { line.number("--count", 1, 3); }).message() ==
          "--count takes a whole number from 1 to 3, not '4'.");
    CHECK(test::error_of([&] {
              line.choice("--file", {"a", "b"});
          }).message() == "--file takes a or b, not 'c'.");
    CHECK(line.choice("--file", {"b", "c"}) == 1);
    CHECK(line.choice("--quick", {"b"}) == std::nullopt);
}
