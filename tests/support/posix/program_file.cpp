#include "support/program_file.hpp"

#include <fstream>

namespace aml::test {

std::filesystem::path write_program(const std::filesystem::path& folder,
                                    const std::string& name,
                                    const Doing& doing) {
    auto file = folder / name;
    std::ofstream(folder / "output") << doing.output;
    std::ofstream(folder / "errors") << doing.errors;
    std::ofstream(file) << "#!/bin/sh\nhere=\"${0%/*}\"\necho \"$@\" > \"$here/arguments\"\n"
                        << "pwd > \"$here/folder\"\necho run >> \"$here/runs\"\n"
                        << (doing.lasts ? "sleep 600 & wait\n" : "")
                        << "cat \"$here/output\"\ncat \"$here/errors\" >&2\nexit "
                        << doing.exit_code << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file;
}

}  // namespace aml::test
