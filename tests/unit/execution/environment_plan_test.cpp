#include "execution/environment_plan.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace aml::execution::environment_plan_test {

using Lines = std::vector<std::string>;

namespace {

std::string plan_failure(std::string_view text) {
    const auto error = aml::test::error_of([&] { plan_environment(text); });
    CHECK(error.kind() == aml::ErrorKind::Rejected);
    return error.message();
}

}  // namespace

TEST_CASE("a conda file gives the Python version and what pip has to install") {
    const auto plan = plan_environment(R"({"channels": ["conda-forge"],
        "dependencies": ["python=3.11", "pip", {"pip": ["scikit-learn", "mlflow-skinny>=2"]}]})");
    CHECK(plan.python_version == "3.11");
    CHECK(plan.requirements == Lines{"scikit-learn", "mlflow-skinny>=2"});
    CHECK(plan.notes.empty());
    CHECK_FALSE(plan.empty());
}

TEST_CASE("conda packages are translated for pip, and what cannot be is said") {
    const auto plan = plan_environment(
        "dependencies:\n- conda-forge::numpy=1.21\n- pandas>=1.3\n- pytorch==2.0.1=py3\n- "
        "python>=3.8.5\n"
        "- cudatoolkit=11.3\n- scipy 1.9.*\n");
    CHECK(plan.python_version == "3.8");
    CHECK(plan.requirements ==
          Lines{"numpy==1.21.*", "pandas>=1.3", "torch==2.0.1=py3", "scipy==1.9.*"});
    REQUIRE(plan.notes.size() == 5);
    CHECK(plan.notes[3].find("'cudatoolkit=11.3' is left out") != std::string::npos);
}

TEST_CASE("equal plans have equal keys and nothing to build is empty") {
    CHECK(plan_environment("").empty());
    CHECK(plan_environment("name: x").empty());
    const auto one = plan_environment("dependencies: [python=3.10, {pip: [a]}]");
    const auto same =
        plan_environment(R"({"name": "other", "dependencies": ["python=3.10.4", {"pip": ["a"]}]})");
    const auto other = plan_environment("dependencies: [python=3.10, {pip: [b]}]");
    CHECK(one.key() == same.key());
    CHECK(one.key() != other.key());
    CHECK(one.key().size() == 32);
}

TEST_CASE("a conda file that is not one says why") {
    CHECK(plan_failure("dependencies: {a: b").find("not valid YAML") != std::string::npos);
    CHECK(plan_failure("[1, 2]") == "The conda file must be a mapping.");
    CHECK(plan_failure("dependencies: numpy") == "The conda file's 'dependencies' must be a list.");
    CHECK(plan_failure("dependencies: [{pip: numpy}]") ==
          "The conda file's 'pip' must be a list of packages.");
    CHECK(plan_failure("dependencies: [{npm: [x]}]").find("package names and one 'pip' list") !=
          std::string::npos);
}

}  // namespace aml::execution::environment_plan_test
