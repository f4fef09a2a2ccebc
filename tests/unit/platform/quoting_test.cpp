#include "platform/quoting.hpp"

#include <doctest/doctest.h>

#include <system_error>

using namespace aml;
using platform::script_command_line;
using platform::windows_command_line;

TEST_CASE("arguments become one line from which Windows programs read the same ones") {
    CHECK(windows_command_line({"C:\\az.exe", "a", "b-c"}) == "C:\\az.exe a b-c");
    CHECK(windows_command_line({"C:\\Program Files\\az.exe", ""}) ==
          "\"C:\\Program Files\\az.exe\" \"\"");
    CHECK(windows_command_line({"p", "say \"hi\""}) == "p \"say \\\"hi\\\"\"");
    CHECK(windows_command_line({"p", "a\\b c\\"}) == "p \"a\\b c\\\\\"");
    CHECK(windows_command_line({"p", "a\\\"b"}) == "p \"a\\\\\\\"b\"");
    CHECK(windows_command_line({"p", "no\\blanks\\"}) == "p no\\blanks\\");
}

TEST_CASE("a script is run by cmd.exe with every argument in quotes") {
    CHECK(platform::is_cmd_script("C:\\wbin\\az.cmd"));
    CHECK(platform::is_cmd_script("C:\\x.BAT"));
    CHECK_FALSE(platform::is_cmd_script("C:\\az.exe"));
    CHECK_FALSE(platform::is_cmd_script("cmd"));
    CHECK(script_command_line("C:\\cmd.exe", {"C:\\Program Files\\az.cmd", "a&b", "--x"}) ==
          "\"C:\\cmd.exe\" /d /e:on /v:off /s /c "
          "\"\"C:\\Program Files\\az.cmd\" \"a&b\" \"--x\"\"");
}

TEST_CASE("what cmd.exe would make more of than an argument is refused") {
    for (const auto* argument : {"a\"b", "%PATH%", "a\nb", "a\rb"}) {
        CAPTURE(argument);
        CHECK_THROWS_AS(script_command_line("cmd", {"az.cmd", argument}), std::system_error);
    }
}
