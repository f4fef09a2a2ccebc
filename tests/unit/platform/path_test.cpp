#include "platform/path.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace aml;
using platform::path_key;

TEST_CASE("paths that name one file have one key") {
    const auto here = std::filesystem::current_path();
    CHECK(path_key(here / "a" / ".." / "train.py") == path_key(here / "train.py"));
    CHECK(path_key("train.py") == path_key(here / "train.py"));
    CHECK(path_key(here / "train.py") != path_key(here / "other.py"));
    // Which is a question of the system, not of the file: this one does not exist.
    constexpr bool without_case = std::filesystem::path::preferred_separator == '\\';
    CHECK((path_key(here / "Train.py") == path_key(here / "train.py")) == without_case);
}
