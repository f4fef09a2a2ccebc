#include "execution/host_system.hpp"

#include "platform/process.hpp"

#include <fmt/format.h>

namespace aml::execution {

JobShell choose_shell(std::string_view command, std::string_view path) {
    std::filesystem::path bash = "/bin/bash";
    if (!std::filesystem::exists(bash)) bash = platform::find_program("bash", path);
    if (!bash.empty()) return {{bash.string(), "-c", std::string(command)}};
    return {{"/bin/sh", "-c", std::string(command)},
            "This machine has no bash, which Azure runs commands with: /bin/sh runs this one.\n"};
}

std::filesystem::path programs_of(const std::filesystem::path& environment) {
    return environment / "bin";
}

std::string search_first(const std::filesystem::path& folder, std::string_view path) {
    return fmt::format("{}:{}", folder.string(), path);
}

std::string objection_to(std::string_view) {
    return "";
}

}  // namespace aml::execution
