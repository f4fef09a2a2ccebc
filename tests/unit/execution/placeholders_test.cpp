#include "execution/placeholders.hpp"

#include "support/error_of.hpp"
#include "support/unicode.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace aml::execution::placeholders_test {

namespace {

std::string fill(std::string_view command) {
    return substitute(command, [](std::string_view name) -> std::optional<Replacement> {
        if (name == "inputs.lr") return Replacement{"0.01"};
        if (name == "inputs.text") return Replacement{"two words"};
        if (name == "outputs.model") return Replacement{"/out/model", true};
        if (name == "inputs.data") return Replacement{"/Application Support/$a", true};
        return std::nullopt;
    });
}

std::string placeholder_failure(std::string_view command) {
    return aml::test::error_of([&] { fill(command); }).message();
}

}  // namespace

TEST_CASE("inputs and outputs are put into the command") {
    CHECK(fill("python t.py --lr ${{inputs.lr}} -o ${{ outputs.model }}/x $HOME") ==
          "python t.py --lr 0.01 -o /out/model/x $HOME");
    CHECK(placeholder_failure("a ${{inputs.x}}") ==
          "The command names 'inputs.x', which is not an input or output of the job.");
    CHECK(placeholder_failure("a ${{inputs.lr}").find("not closed") != std::string::npos);
}

TEST_CASE("a path with blanks is one word of the command, wherever it stands") {
    CHECK(fill("a ${{inputs.data}}") == R"(a "/Application Support/\$a")");
    CHECK(fill("a --in=${{inputs.data}}/x.csv") == R"(a --in="/Application Support/\$a"/x.csv)");
    CHECK(fill(R"(a "${{inputs.data}}/x" b)") == R"(a "/Application Support/\$a/x" b)");
    CHECK(fill("a '${{inputs.data}}' b") == "a '/Application Support/$a' b");
    CHECK(fill(R"(a \" ${{inputs.data}})") == R"(a \" "/Application Support/\$a")");
    CHECK(fill(R"(a "\"${{inputs.data}}" ${{inputs.data}})") ==
          R"(a "\"/Application Support/\$a" "/Application Support/\$a")");
    CHECK(fill("a ${{inputs.text}}") == "a two words");
}

TEST_CASE("a failed run quotes the traceback") {
    const auto message =
        failure_message("A=1 /usr/bin/python t.py",
                        {{1}},
                        "epoch 1\nTraceback (most recent call last):\n  x\nValueError: no\n");
    CHECK(
        message ==
        "Execution failed. User process 'python' exited with status code 1. Please check log file "
        "'user_logs/std_log.txt' for error details. Error: Traceback (most recent call last):\n  "
        "x\nValueError: no");
}

TEST_CASE("a failed run without a traceback quotes its last lines and stays short") {
    std::string log;
    for (int line = 1; line <= 30; ++line) log += "line " + std::to_string(line) + "\n";
    const auto message = failure_message("./run.sh", {{9, true, "Killed"}}, log);
    CHECK(message.find("'run.sh' was ended by signal 9 (Killed).") != std::string::npos);
    CHECK(message.find("line 11\n") != std::string::npos);
    CHECK(message.find("line 10\n") == std::string::npos);
    const auto endless = failure_message("x", {{1}}, std::string(100'000, 'y') + "\xC3\xA9");
    CHECK(endless.size() <= 3'000);
    CHECK(endless.ends_with("y\xC3\xA9"));
    CHECK(failure_message("x", {{2}}, "").ends_with("for error details."));
    const FailedProcess third{{2}, "std_log_process_02.txt", "rank 2"};
    CHECK(failure_message("python t.py", third, "") ==
          "Execution failed. User process 'python' of rank 2 exited with status code 2. Please "
          "check log file 'user_logs/std_log_process_02.txt' for error details.");
}

TEST_CASE("any bytes become text") {
    CHECK(printable("a\xFF"
                    "b\xC3\xA9\xC3") ==
          "a\xEF\xBF\xBD"
          "b\xC3\xA9\xEF\xBF\xBD");
    CHECK(decode_utf8(printable(std::string("\0\x80\xF0\x9F\xFF", 5))));
}

}  // namespace aml::execution::placeholders_test
