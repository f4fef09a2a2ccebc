#include "support/program_file.hpp"

#include <fstream>

namespace aml::test {

std::filesystem::path write_program(const std::filesystem::path& folder,
                                    const std::string& name,
                                    const Doing& doing) {
    auto file = folder / (name + ".cmd");
    std::ofstream(folder / "output") << doing.output;
    std::ofstream(folder / "errors") << doing.errors;
    std::ofstream(file) << "@echo off\necho %*>\"%~dp0arguments\"\ncd >\"%~dp0folder\"\n"
                        << "echo run>>\"%~dp0runs\"\n"
                        << (doing.lasts ? "ping -n 600 127.0.0.1 >nul\n" : "")
                        << "type \"%~dp0output\"\ntype \"%~dp0errors\" 1>&2\nexit /b "
                        << doing.exit_code << "\n";
    return file;
}

}  // namespace aml::test
