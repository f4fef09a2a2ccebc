#pragma once

#include <string>
#include <vector>

namespace aml::emulator {

/// `aml emulator`: serves a local Azure Machine Learning until a signal ends it, or does what its
/// command line asks instead. Prints the ready line on standard output, and returns the exit code
/// of the process; `arguments` come without the program's name and without `emulator`.
int main(const std::vector<std::string>& arguments, const std::string& version);

}  // namespace aml::emulator
