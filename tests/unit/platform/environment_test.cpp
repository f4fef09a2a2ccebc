#include "platform/environment.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace aml;

TEST_CASE("variables are added, or take the place of those of their name") {
    const platform::Variables known{{"A", "1"}, {"B", "2"}};
    CHECK(platform::with_variables(known, {{"C", "3"}, {"A", "4"}}) ==
          platform::Variables{{"B", "2"}, {"C", "3"}, {"A", "4"}});
}

TEST_CASE("a variable is the same alone and among all") {
    const auto path = platform::variable("PATH");
    CHECK_FALSE(path.empty());
    const auto all = platform::variables();
    const bool found = std::any_of(all.begin(), all.end(), [&](const auto& entry) {
        return platform::same_variable(entry.first, "PATH") && entry.second == path;
    });
    CHECK(found);
    CHECK(platform::variable("AML_NO_SUCH_VARIABLE").empty());
}

TEST_CASE("the places of this user are absolute") {
    for (const auto& home : platform::home_folders()) CHECK(home.is_absolute());
    CHECK(platform::state_home().is_absolute());
    CHECK(platform::cache_home().is_absolute());
}
