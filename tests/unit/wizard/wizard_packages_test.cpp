#include "wizard/wizard_packages.hpp"

#include "support/run.hpp"
#include "support/scripted_prompter.hpp"
#include "wizard/environment_templates.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;
using namespace aml;
using namespace aml::wizard;

namespace {

constexpr const char* confirm = "Azure ML: packages";
constexpr const char* add = "Add a package";
constexpr const char* change = "Change a package";
constexpr const char* add_action = "Add a package…";
constexpr const char* change_action = "Change a package or its version…";

runconfig::PackageList some_packages() {
    runconfig::PackageList list;
    list.channels = {"conda-forge"};
    list.conda = {"python=3.11", "pip"};
    list.pip = {"numpy", "pandas>=2"};
    return list;
}

StepEnd ask(test::ScriptedPrompter& prompter, PackageChoice& choice) {
    asio::io_context loop;
    const StepPlace place{.number = 5, .total = 5, .can_go_back = true};
    return test::run(loop, confirm_packages(prompter, choice, place, {}));
}

}  // namespace

TEST_CASE("every template's packages are valid and can be confirmed as they are") {
    for (const auto& environment : environment_templates()) {
        CAPTURE(environment.id);
        const auto list = packages_of(environment, true);
        const PackageChoice choice(list);
        CHECK(choice.list() == list);
        CHECK(!choice.edited());
        const PackageChoice empty;
        for (const auto& package : list.pip) CHECK(empty.check_new(package) == std::nullopt);
    }
    const auto tensorflow = [](bool gpu) {
        return packages_of(*find_environment_template("tensorflow"), gpu).pip.front();
    };
    CHECK(tensorflow(false) == "tensorflow");
    CHECK(tensorflow(true) == "tensorflow[and-cuda]");
    CHECK(find_environment_template("sklearn") != nullptr);
    CHECK(find_environment_template("caffe") == nullptr);
}

TEST_CASE("a list from a file with sections that conda ignores can be confirmed as it is") {
    auto list = some_packages();
    list.ignored = {"platforms"};
    CHECK(!PackageChoice(list).edited());
}

TEST_CASE("packages that are unchecked are left out, and stay in the list") {
    test::ScriptedPrompter prompter;
    PackageChoice choice(some_packages());
    prompter.pick(confirm, {"numpy", "python=3.11"});
    CHECK(ask(prompter, choice) == StepEnd::Next);
    CHECK(choice.list().pip == std::vector<std::string>{"numpy"});
    CHECK(choice.list().conda == std::vector<std::string>{"python=3.11", "pip"});
    CHECK(choice.edited());
    CHECK(choice.rows().size() == 3);
    CHECK(prompter.picks.front().step == 5);
    CHECK(prompter.picks.front().can_pick_many);
}

TEST_CASE("a package is added after its text is accepted") {
    test::ScriptedPrompter prompter;
    PackageChoice choice(some_packages());
    prompter.act(confirm, {"numpy", "pandas>=2", "python=3.11"}, add_action);
    prompter.enter(add, "scikit learn");
    prompter.enter(add, "NumPy==2");
    prompter.enter(add, " scikit-learn>=1.5 ");
    prompter.pick(confirm, {"numpy", "pandas>=2", "python=3.11", "scikit-learn>=1.5"});
    CHECK(ask(prompter, choice) == StepEnd::Next);
    CHECK(prompter.refused.size() == 2);
    CHECK(prompter.refused.back() == "numpy is in the list already; change its version there.");
    CHECK(choice.list().pip == std::vector<std::string>{"numpy", "pandas>=2", "scikit-learn>=1.5"});
}

TEST_CASE("only packages can be checked, and what was typed to find one is proposed as a new one") {
    test::ScriptedPrompter prompter;
    PackageChoice choice(some_packages());
    prompter.act(confirm, {"numpy"}, add_action, {}, "polars==1.0");
    prompter.accept(add);
    prompter.pick(confirm, {"numpy", "polars==1.0"});
    CHECK(ask(prompter, choice) == StepEnd::Next);
    CHECK(choice.list().pip == std::vector<std::string>{"numpy", "polars==1.0"});
    for (const auto& item : prompter.picks.front().items) {
        CAPTURE(item.label);
        CHECK((item.kind == ui::PickItem::Kind::Separator || !item.id.empty()));
        CHECK(item.icon.empty());
    }
    CHECK(prompter.picks.front().actions.size() == 2);
}

TEST_CASE("a package that was taken out can be added again with another version") {
    PackageChoice choice(some_packages());
    choice.want({0, 2});
    CHECK(choice.check_new("pandas==1.5.3") == std::nullopt);
    choice.add("pandas==1.5.3");
    CHECK(choice.list().pip == std::vector<std::string>{"numpy", "pandas==1.5.3"});
}

TEST_CASE("a version is changed, and Back leads to the list with nothing lost") {
    test::ScriptedPrompter prompter;
    PackageChoice choice(some_packages());
    prompter.act(confirm, {"pandas>=2", "python=3.11"}, change_action, "python=3.11");
    prompter.back(change);
    prompter.act(confirm, {"pandas>=2", "python=3.11"}, change_action, "python=3.11");
    prompter.enter(change, "python=3.12");
    prompter.pick(confirm, {"pandas>=2", "python=3.12"});
    CHECK(ask(prompter, choice) == StepEnd::Next);
    CHECK(choice.list().conda == std::vector<std::string>{"python=3.12", "pip"});
    CHECK(choice.list().pip == std::vector<std::string>{"pandas>=2"});
}

TEST_CASE("Back and Escape end the step and keep what was done") {
    test::ScriptedPrompter prompter;
    PackageChoice choice(some_packages());
    prompter.act(confirm, {"numpy"}, add_action);
    prompter.back(add);
    prompter.back(confirm);
    CHECK(ask(prompter, choice) == StepEnd::Back);
    CHECK(choice.list().pip == std::vector<std::string>{"numpy"});
    prompter.act(confirm, {"numpy"}, add_action);
    prompter.escape(add);
    CHECK(ask(prompter, choice) == StepEnd::Quit);
}
