#include "support/aml_program.hpp"

std::filesystem::path aml::test::aml_program() {
    return AML_PROGRAM;
}
