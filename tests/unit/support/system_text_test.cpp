#include "support/system_text.hpp"

#include "support/chinese.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <system_error>

using namespace aml;

TEST_CASE("what a user's files lead to is translated") {
    const test::Chinese chinese;
    const auto text = system_text(EACCES);
    CHECK(text == "权限被拒绝");
    CHECK(text.english() == "Permission denied");
}

TEST_CASE("a file that another program keeps to itself is told as such") {
    CHECK(system_text(std::make_error_code(std::errc::text_file_busy)) ==
          "Another program has it open");
}
