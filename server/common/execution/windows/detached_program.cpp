#include "execution/detached_program.hpp"

#include "platform/error.hpp"
#include "platform/quoting.hpp"
#include "platform/windows/handle.hpp"
#include "platform/windows/wide.hpp"

#include <system_error>

namespace aml::execution {

namespace {

// Of any path of Windows, in characters.
constexpr DWORD longest_path = 32'768;

// With a console of its own that nobody sees, so that what it starts opens no window.
bool start_program(const std::filesystem::path& program,
                   std::wstring line,
                   DWORD more_flags,
                   PROCESS_INFORMATION& started) {
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    const DWORD flags = CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP | more_flags;
    return ::CreateProcessW(program.c_str(),
                            line.data(),
                            nullptr,
                            nullptr,
                            FALSE,
                            flags,
                            nullptr,
                            nullptr,
                            &startup,
                            &started) != 0;
}

}  // namespace

struct DetachedProgram::State {
    platform::Handle process;
};

DetachedProgram::DetachedProgram(const std::filesystem::path& program,
                                 std::vector<std::string> arguments)
    : state_(std::make_unique<State>()) {
    const auto line = platform::to_wide(platform::windows_command_line(arguments));
    PROCESS_INFORMATION started{};
    // Whoever started this program may have put it into a job object, which ends all that is in it.
    // Not every one lets a process leave.
    if (!start_program(program, line, CREATE_BREAKAWAY_FROM_JOB, started) &&
        !start_program(program, line, 0, started)) {
        throw std::system_error(platform::last_error(), program.string());
    }
    const platform::Handle thread(started.hThread);
    state_->process = platform::Handle(started.hProcess);
}

DetachedProgram::~DetachedProgram() = default;

bool DetachedProgram::has_ended() {
    return ::WaitForSingleObject(state_->process.get(), 0) == WAIT_OBJECT_0;
}

std::filesystem::path own_program() {
    std::wstring path(longest_path, L'\0');
    path.resize(::GetModuleFileNameW(nullptr, path.data(), longest_path));
    return path;
}

}  // namespace aml::execution
