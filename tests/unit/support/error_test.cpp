#include "support/error.hpp"

#include "support/random.hpp"
#include "support/secret.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace aml;

TEST_CASE("context is put before the message and the kind is kept") {
    const Error error(ErrorKind::NotFound, "No such job.");
    const auto with_context = error.with_context("job j1");
    CHECK(with_context.kind() == ErrorKind::NotFound);
    CHECK(with_context.message() == "job j1: No such job.");
}

TEST_CASE("a secret never formats as its value") {
    CHECK(fmt::format("{}", Secret("hunter2")) == "[secret]");
}

TEST_CASE("a UUID has the version and variant of RFC 9562") {
    const auto id = system_random()->uuid();
    CHECK(id.size() == 36);
    CHECK(id[14] == '4');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
}
