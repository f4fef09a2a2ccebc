#pragma once

#include <string>
#include <vector>

namespace aml::cli {

/// Runs a terminal command and returns the exit code of the process (see `ExitCode`).
/// `arguments` come without the program's name; the first names the command. Writes to standard
/// output and error, and asks on the terminal. Ctrl-C stops the command, never a run in Azure.
/// `http::initialize_transport_threads` must have been called.
int main(const std::vector<std::string>& arguments, const std::string& version);

}  // namespace aml::cli
