#include "local/python_call.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;
using local::python_call;
using Words = std::vector<std::string>;

namespace {

std::string objection_to_debugging(std::string_view command) {
    const auto error = test::error_of([&] { python_call(command, {}); });
    CHECK(error.kind() == ErrorKind::Rejected);
    return error.message();
}

}  // namespace

TEST_CASE("a call of Python is taken apart as a shell would") {
    const auto call =
        python_call("python train.py --lr 0.1 --name 'two words' \"a \\\"b\\\"\"", {});
    CHECK(call.what == "train.py");
    CHECK_FALSE(call.is_module);
    CHECK(call.options.empty());
    CHECK(call.arguments == Words{"--lr", "0.1", "--name", "two words", "a \"b\""});
}

TEST_CASE("options of the interpreter stand before the script, and so do their values") {
    const auto call = python_call("python3.11 -u -X dev -W ignore src/train.py -u", {});
    CHECK(call.options == Words{"-u", "-X", "dev", "-W", "ignore"});
    CHECK(call.what == "src/train.py");
    CHECK(call.arguments == Words{"-u"});
}

TEST_CASE("a module is known by -m, and what follows is its own") {
    const auto call = python_call("python -u -m trainer.main -m x", {});
    CHECK(call.is_module);
    CHECK(call.what == "trainer.main");
    CHECK(call.arguments == Words{"-m", "x"});
}

TEST_CASE("forms of Windows are calls of Python, too") {
    CHECK(python_call("python.exe train.py", {}).what == "train.py");
    CHECK(python_call("'C:\\Python 3\\python.exe' train.py", {}).what == "train.py");
    const auto launcher = python_call("py -3.11 -u train.py", {});
    CHECK(launcher.options == Words{"-u"});
    CHECK(launcher.what == "train.py");
    CHECK(python_call("python train.py 'C:/my data/x.csv'", {}).arguments ==
          Words{"C:/my data/x.csv"});
}

TEST_CASE("several lines of one call, and quoted nothing, are words") {
    const auto call = python_call("python train.py \\\n  --a '' \\\n  --b \"\"\n", {});
    CHECK(call.arguments == Words{"--a", "", "--b", ""});
}

TEST_CASE("variables are those of the run") {
    const platform::Variables variables{{"AZURE_ML_OUTPUT_model", "/runs/a b/model"}};
    const auto call = python_call(
        "python train.py $AZURE_ML_OUTPUT_model/x \"${AZURE_ML_OUTPUT_model}\" '$HOME'", variables);
    CHECK(call.arguments == Words{"/runs/a b/model/x", "/runs/a b/model", "$HOME"});
}

TEST_CASE("what needs a shell, or is no call of Python, cannot be debugged and says why") {
    CHECK(objection_to_debugging("cd src && python train.py") ==
          "This command cannot be debugged: it has a “&”, which is for a shell. Make it one call "
          "such as \"python train.py --lr 0.1\".");
    CHECK(objection_to_debugging("python a.py > log.txt").find("a “>”") != std::string::npos);
    CHECK(objection_to_debugging("python a.py `date`").find("a “`”") != std::string::npos);
    CHECK(objection_to_debugging("python a.py $(date)").find("a “$”") != std::string::npos);
    CHECK(objection_to_debugging("python a.py $LR").find("it has $LR, which nothing sets") !=
          std::string::npos);
    CHECK(objection_to_debugging("python a.py\npython b.py").find("several lines") !=
          std::string::npos);
    CHECK(objection_to_debugging("python -c 'print(1)'").find("in the command itself") !=
          std::string::npos);
    CHECK(objection_to_debugging("torchrun train.py").find("does not begin with python") !=
          std::string::npos);
    CHECK(objection_to_debugging("pythonista train.py").find("does not begin") !=
          std::string::npos);
    CHECK(objection_to_debugging("python -u").find("names no script") != std::string::npos);
    CHECK(objection_to_debugging("python 'train.py").find("not closed") != std::string::npos);
    CHECK(objection_to_debugging("").find("does not begin with python") != std::string::npos);
}
