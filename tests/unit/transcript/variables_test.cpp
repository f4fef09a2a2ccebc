#include "transcripts/variables.hpp"

#include "transcripts/script.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml;
using transcript::Variables;

namespace {

template <typename Action>
std::string failure_of(Action&& action) {
    try {
        std::forward<Action>(action)();
    } catch (const transcript::Failure& failure) {
        return failure.what();
    }
    return "no failure";
}

}  // namespace

TEST_CASE("variables stand for their values, and come back in their place") {
    Variables variables;
    variables.define("azure", "http://127.0.0.1:9");
    variables.define("workspace", "/subscriptions/s/workspaces/w");
    variables.define("compute", "/subscriptions/s/workspaces/w/computes/cpu");
    const std::string text =
        "GET ${azure}${workspace} \"${compute}\" ${workspace}/computes/gpu ${workspace}";
    const auto expanded = variables.expand(text);
    CHECK(expanded ==
          "GET http://127.0.0.1:9/subscriptions/s/workspaces/w "
          "\"/subscriptions/s/workspaces/w/computes/cpu\" "
          "/subscriptions/s/workspaces/w/computes/gpu /subscriptions/s/workspaces/w");
    CHECK(variables.contract(expanded) == text);
}

TEST_CASE("what is no variable is text") {
    Variables variables;
    const std::string text = "$ ${{inputs.data}} ${1:name} ${ ${A} $/progress ${open";
    CHECK(variables.expand(text) == text);
    CHECK(variables.contract(text) == text);
}

TEST_CASE("a name without a value says what it needs") {
    Variables variables;
    variables.await_job("first");
    CHECK(failure_of([&] { variables.expand("GET ${workspace}"); }) ==
          "${workspace} has no value here: it needs a line `let workspace …`");
    CHECK(failure_of([&] { variables.expand("${first}"); }) ==
          "${first} has no value here: the server has not created this job yet");
}

TEST_CASE("a definition that could be misread is refused") {
    Variables variables;
    variables.define("azure", "http://127.0.0.1:9");
    variables.await_job("first");
    CHECK(failure_of([&] { variables.define("azure", "x"); }) == "${azure} is defined already");
    CHECK(failure_of([&] { variables.define("first", "x"); }) == "${first} is defined already");
    CHECK(failure_of([&] { variables.await_job("azure"); }) == "${azure} is defined already");
    CHECK(failure_of([&] { variables.define("a b", "x"); }) ==
          "the name “a b” must be lower-case letters and _");
    CHECK(failure_of([&] { variables.define("empty", ""); }) ==
          "${empty} must stand for something");
    CHECK(failure_of([&] { variables.define("arm", "http://127.0.0.1:9"); }) ==
          "${arm} stands for the same as ${azure}");
}

TEST_CASE("jobs get the names that wait for them, in the order in which they are created") {
    Variables variables;
    variables.await_job("first");
    variables.await_job("second");
    variables.see_call("GET http://h/w/jobs/old_job?api-version=1");
    variables.see_call("PUT http://h/w/codes/c/versions/1?api-version=1 {\"jobs\":\"/jobs/none\"}");
    CHECK(variables.awaited_jobs().size() == 2);
    variables.see_call("PUT http://h/w/jobs/lemon_sail?api-version=1 {}");
    // Tried once more, it is the same job.
    variables.see_call("PUT http://h/w/jobs/lemon_sail?api-version=1 {}");
    variables.see_call("PUT http://h/w/jobs/neat_pear {}");
    CHECK(variables.awaited_jobs().empty());
    CHECK(variables.expand("${first} ${second}") == "lemon_sail neat_pear");
    // One that nobody named stays as it is.
    variables.see_call("PUT http://h/w/jobs/sad_plum {}");
    CHECK(variables.contract("neat_pear sad_plum") == "${second} sad_plum");
}
