#include "support/scope_exit.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

using aml::ScopeExit;

TEST_CASE("what a scope owes is done when it ends, last first, by an exception too") {
    std::vector<int> done;
    try {
        const ScopeExit first([&] { done.push_back(1); });
        const ScopeExit second([&] { done.push_back(2); });
        CHECK(done.empty());
        throw std::runtime_error("out");
    } catch (const std::runtime_error&) {
        done.push_back(3);
    }
    CHECK(done == std::vector<int>{2, 1, 3});
}
