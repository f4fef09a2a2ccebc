#pragma once

#include <filesystem>

namespace aml::test {

/// The program aml-emulator that was built with these tests.
std::filesystem::path emulator_program();

}  // namespace aml::test
