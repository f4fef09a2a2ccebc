#include "execution/windows_rules.hpp"

#include <doctest/doctest.h>

#include <string>

namespace aml::execution::windows_rules_test {

TEST_CASE("names that no file of Windows can have are told from those that it can") {
    for (const auto* name : {"train.py",
                             "a/b/c.txt",
                             ".gitignore",
                             "console.txt",
                             "com10",
                             "com0.txt",
                             "a b.txt",
                             "\xC3\xA4.txt"}) {
        CAPTURE(name);
        CHECK(windows_objection_to(name).empty());
    }
    CHECK(windows_objection_to("aux.txt") ==
          "'aux.txt' cannot be the name of a file on Windows: 'aux.txt' is the name of a device.");
    CHECK(windows_objection_to("data/CON/x.csv") ==
          "'data/CON/x.csv' cannot be the name of a file "
          "on Windows: 'CON' is the name of a device.");
    CHECK(windows_objection_to("time 12:30.log").ends_with(": it has a ':'."));
    CHECK(windows_objection_to("a\\b").ends_with(": it has a '\\'."));
    CHECK(windows_objection_to("a\tb").ends_with(": it has a control character."));
    CHECK(windows_objection_to("dir./x").ends_with(": it ends with a dot or a space."));
    CHECK(windows_objection_to("x ").ends_with(": it ends with a dot or a space."));
    CHECK(windows_objection_to("LPT1").ends_with("is the name of a device."));
}

TEST_CASE("what only bash can run is seen in a command") {
    CHECK(needs_bash("python train.py --lr 0.1 && echo $").empty());
    CHECK(needs_bash("cd src\npython train.py --price 5$").empty());
    CHECK(needs_bash("echo $HOME") == "$H");
    CHECK(needs_bash("echo \"${DATA}\"") == "${");
    CHECK(needs_bash("python t.py --n $(nproc)") == "$(");
    CHECK(needs_bash("echo `date`") == "`");
    CHECK(needs_bash("cd src\n  export A=1") == "export");
    CHECK(needs_bash("set -e\npython t.py") == "set -");
}

TEST_CASE("cmd.exe gets the lines of a command as one") {
    CHECK(one_line("python train.py") == "python train.py");
    CHECK(one_line("pip install x\r\n\n# then\n  python train.py\n") ==
          "pip install x & python train.py");
    CHECK(one_line("python train.py \\\n  --lr 0.1") == "python train.py --lr 0.1");
}

}  // namespace aml::execution::windows_rules_test
