#include "support/system_text.hpp"

#include "support/chinese.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstring>
#include <string>

using namespace aml;

TEST_CASE("an errno value is told in the C library's English words") {
    for (const int error : {EPERM,
                            ENOENT,
                            EIO,
                            EACCES,
                            EBUSY,
                            EEXIST,
                            ENOTDIR,
                            EISDIR,
                            EMFILE,
                            ENOSPC,
                            EROFS,
                            EPIPE,
                            ENAMETOOLONG,
                            ELOOP,
                            EDQUOT,
                            EOVERFLOW}) {
        CHECK(system_text(error).english() == std::strerror(error));
    }
}

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
