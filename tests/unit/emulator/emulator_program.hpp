#pragma once

#include <filesystem>

namespace aml::test {

/// The program `aml`, whose command `emulator` is what is tested, that was built with these tests.
std::filesystem::path emulator_program();

}  // namespace aml::test
