#include "execution/detached_program.hpp"

#include <csignal>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char** environ;

namespace aml::execution {

struct DetachedProgram::State {
    pid_t process = 0;
    bool ended = false;
};

DetachedProgram::DetachedProgram(const std::filesystem::path& program,
                                 std::vector<std::string> arguments)
    : state_(std::make_unique<State>()) {
    std::vector<char*> words;
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int failure =
        posix_spawn(&state_->process, program.c_str(), nullptr, &attributes, words.data(), environ);
    posix_spawnattr_destroy(&attributes);
    if (failure != 0) throw std::system_error(failure, std::generic_category(), program.string());
}

DetachedProgram::~DetachedProgram() = default;

bool DetachedProgram::has_ended() {
    if (!state_->ended) state_->ended = ::waitpid(state_->process, nullptr, WNOHANG) != 0;
    return state_->ended;
}

}  // namespace aml::execution
