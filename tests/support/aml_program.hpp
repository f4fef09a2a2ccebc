#pragma once

#include <filesystem>

namespace aml::test {

/// The program `aml` that was built with these tests.
std::filesystem::path aml_program();

}  // namespace aml::test
