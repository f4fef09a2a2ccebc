#include "platform/environment.hpp"

#include "platform/posix/system.hpp"

#include <csignal>
#include <cstdlib>
#include <pwd.h>
#include <unistd.h>

namespace aml::platform {

std::string variable(const char* name) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing of the program sets variables
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

Variables variables() {
    Variables all;
    for (char** entry = raw_environment(); *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
}

bool same_variable(std::string_view left, std::string_view right) {
    return left == right;
}

std::vector<std::filesystem::path> home_folders() {
    std::vector<std::filesystem::path> homes;
    if (auto home = variable("HOME"); home.starts_with('/')) homes.emplace_back(std::move(home));
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing else of the program asks for users
    const auto* user = ::getpwuid(::geteuid());
    if (user != nullptr && user->pw_dir != nullptr && *user->pw_dir == '/')
        homes.emplace_back(user->pw_dir);
    return homes;
}

std::vector<int> stop_signals() {
    return {SIGINT, SIGTERM};
}

}  // namespace aml::platform
