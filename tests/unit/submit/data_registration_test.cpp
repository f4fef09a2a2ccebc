#include "submit/data_registration.hpp"

#include <doctest/doctest.h>

using aml::submit::proposed_data_name;

TEST_CASE("a data asset is proposed the name of its file or folder, as far as Azure takes it") {
    CHECK(proposed_data_name("/project/digits") == "digits");
    CHECK(proposed_data_name("/project/digits/") == "digits");
    CHECK(proposed_data_name("/project/train-set_1.csv") == "train-set_1");
    CHECK(proposed_data_name("/project/my data.csv") == "my_data");
    CHECK(proposed_data_name("/project/_raw") == "data_raw");
}
