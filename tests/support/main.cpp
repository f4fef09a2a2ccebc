#define DOCTEST_CONFIG_IMPLEMENT
#include "support/child.hpp"

#include <doctest/doctest.h>

int main(int count, char** arguments) {
    if (const auto code = aml::test::ChildWork::run({arguments, arguments + count})) return *code;
    return doctest::Context(count, arguments).run();
}
