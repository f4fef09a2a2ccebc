#include "support/system_text.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstring>

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
