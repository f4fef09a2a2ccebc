#include "execution/host_system.hpp"

#include "execution/windows_rules.hpp"
#include "platform/environment.hpp"
#include "platform/process.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::execution {

namespace {

// The bash of Git for Windows, or one on PATH: but not that of System32 and of the store's links,
// which is Linux's (WSL) and sees neither this environment nor these paths.
std::filesystem::path find_bash(std::string_view path) {
    std::vector<std::filesystem::path> places;
    const auto git = platform::find_program("git", path);
    if (!git.empty()) places.push_back(git.parent_path().parent_path());
    for (const auto* variable : {"ProgramW6432", "ProgramFiles"})
        places.push_back(std::filesystem::path(platform::variable(variable)) / "Git");
    places.push_back(std::filesystem::path(platform::variable("LOCALAPPDATA")) / "Programs/Git");
    for (const auto& place : places) {
        const auto bash = place / "bin" / "bash.exe";
        if (std::filesystem::exists(bash)) return bash;
    }
    const auto bash = platform::find_program("bash", path);
    const auto folder = lower(bash.parent_path().generic_string());
    const bool of_linux = folder.ends_with("/system32") || folder.ends_with("/windowsapps");
    return of_linux ? std::filesystem::path() : bash;
}

}  // namespace

JobShell choose_shell(std::string_view command, std::string_view path) {
    const auto bash = find_bash(path);
    if (!bash.empty())
        return {{bash.string(), "-c", std::string(command)},
                fmt::format("{} runs the command; programs are those of Windows.\n",
                            bash.generic_string())};
    if (const auto only = needs_bash(command); !only.empty()) {
        throw Error(ErrorKind::Rejected,
                    fmt::format("The command has '{}', which is for bash, and this machine has no "
                                "bash. Install Git for Windows (https://git-scm.com/downloads), "
                                "which brings one, and submit the job again.",
                                only));
    }
    auto cmd = platform::variable("COMSPEC");
    return {{std::move(cmd), "/d", "/s", "/c", one_line(command)},
            "cmd.exe runs the command, since this machine has no bash: Azure's is another shell. "
            "Git for Windows (https://git-scm.com/downloads) brings one.\n"};
}

std::filesystem::path programs_of(const std::filesystem::path& environment) {
    return environment / "Scripts";
}

std::string search_first(const std::filesystem::path& folder, std::string_view path) {
    return fmt::format("{};{}", folder.string(), path);
}

std::string objection_to(std::string_view name) {
    return windows_objection_to(name);
}

bool names_ignore_case() {
    return true;
}

}  // namespace aml::execution
