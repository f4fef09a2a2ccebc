#include "program/options.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace aml::emulator;

TEST_CASE("the Python of jobs is an option, or a variable of the emulator's environment") {
    CHECK(!parse_options({}).settings.python);
    ::setenv("AZUREML_EMULATOR_PYTHON", "/venv/bin/python", 1);
    CHECK(parse_options({}).settings.python == "/venv/bin/python");
    CHECK(parse_options({"--python", "/usr/bin/python3"}).settings.python == "/usr/bin/python3");
    ::unsetenv("AZUREML_EMULATOR_PYTHON");
}
