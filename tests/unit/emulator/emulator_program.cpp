#include "unit/emulator/emulator_program.hpp"

std::filesystem::path aml::test::emulator_program() {
    return AML_PROGRAM;
}
