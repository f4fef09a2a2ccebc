#include "execution/job_process.hpp"

#include "execution/supervised_process.hpp"
#include "platform/error.hpp"
#include "platform/quoting.hpp"
#include "platform/windows/handle.hpp"
#include "platform/windows/wide.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace aml::execution {

namespace {

constexpr int not_started = 127;
constexpr DWORD look_again_ms = 5;
// What is killed is gone at once, unless a driver holds it.
constexpr int looks_for_the_rest = 1'000;

[[noreturn]] void no_process() {
    throw Error(ErrorKind::Unavailable,
                localize("This computer cannot start a process: {}.",
                         system_text(platform::last_error()).english()));
}

platform::Handle make_job() {
    platform::Handle job(::CreateJobObjectW(nullptr, nullptr));
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    const auto kind = JobObjectExtendedLimitInformation;
    if (::SetInformationJobObject(job.get(), kind, &limits, sizeof limits) == 0) no_process();
    return job;
}

/// A file that the program inherits.
platform::Handle open_for_program(const std::wstring& path, DWORD access, DWORD creation) {
    SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    const DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    return platform::Handle(::CreateFileW(
        path.c_str(), access, sharing, &inherited, creation, FILE_ATTRIBUTE_NORMAL, nullptr));
}

/// cmd.exe takes what follows `/s /c` as it stands, without the outermost quotes; other programs
/// want their arguments quoted.
std::wstring line_of(std::vector<std::string> arguments) {
    const auto program = std::filesystem::path(arguments.front()).filename().string();
    if (!same_name(program, "cmd.exe"))
        return platform::to_wide(platform::windows_command_line(arguments));
    const auto command = std::move(arguments.back());
    arguments.pop_back();
    return platform::to_wide(
        fmt::format("{} \"{}\"", platform::windows_command_line(arguments), command));
}

bool comes_before(const std::wstring& left, const std::wstring& right) {
    return ::CompareStringOrdinal(left.c_str(), -1, right.c_str(), -1, TRUE) == CSTR_LESS_THAN;
}

/// In the order that Windows wants, each ended by a zero, and a zero after all.
std::wstring environment_block(const platform::Variables& variables) {
    std::vector<std::wstring> lines;
    for (const auto& [name, value] : variables)
        lines.push_back(platform::to_wide(name + '=' + value));
    std::ranges::sort(lines, comes_before);
    std::wstring block;
    for (const auto& line : lines) block.append(line).push_back(L'\0');
    block.push_back(L'\0');
    return block;
}

/// The list of handles that a program inherits, and no others.
class Inheritance final {
public:
    explicit Inheritance(std::array<HANDLE, 2> handles)
        : handles_(handles) {
        SIZE_T size = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        memory_.resize(size);
        if (::InitializeProcThreadAttributeList(list(), 1, 0, &size) == 0) no_process();
        ::UpdateProcThreadAttribute(list(),
                                    0,
                                    PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                    handles_.data(),
                                    sizeof(HANDLE) * handles_.size(),
                                    nullptr,
                                    nullptr);
    }

    Inheritance(const Inheritance&) = delete;
    Inheritance& operator=(const Inheritance&) = delete;

    ~Inheritance() { ::DeleteProcThreadAttributeList(list()); }

    LPPROC_THREAD_ATTRIBUTE_LIST list() {
        return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
    }

private:
    std::array<HANDLE, 2> handles_;
    std::vector<std::byte> memory_;
};

/// Suspended, so that it starts nothing before it is in its job object. In the console of this
/// process, so that it can be sent Ctrl+Break.
bool start_suspended(const LaunchPlan& plan, PROCESS_INFORMATION& started) {
    const auto log =
        open_for_program(platform::to_wide(plan.log.string()), FILE_APPEND_DATA, OPEN_ALWAYS);
    const auto input = open_for_program(L"NUL", GENERIC_READ, OPEN_EXISTING);
    if (log.get() == nullptr || input.get() == nullptr) return false;
    Inheritance inheritance({log.get(), input.get()});
    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof startup;
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = input.get();
    startup.StartupInfo.hStdOutput = log.get();
    startup.StartupInfo.hStdError = log.get();
    startup.lpAttributeList = inheritance.list();
    auto line = line_of(plan.arguments);
    auto block = environment_block(plan.environment);
    const DWORD flags = CREATE_SUSPENDED | CREATE_NEW_PROCESS_GROUP | CREATE_UNICODE_ENVIRONMENT |
                        EXTENDED_STARTUPINFO_PRESENT;
    return ::CreateProcessW(platform::to_wide(plan.arguments.front()).c_str(),
                            line.data(),
                            nullptr,
                            nullptr,
                            TRUE,
                            flags,
                            block.data(),
                            plan.working_directory.c_str(),
                            &startup.StartupInfo,
                            &started) != 0;
}

}  // namespace

// It was started with none of that program's files, and in a console of its own.
void become_supervisor() {}

bool is_told_to_end() {
    return false;
}

struct JobProcess::State {
    bool is_empty() const {
        JOBOBJECT_BASIC_ACCOUNTING_INFORMATION numbers{};
        const auto kind = JobObjectBasicAccountingInformation;
        const auto told =
            ::QueryInformationJobObject(job.get(), kind, &numbers, sizeof numbers, nullptr);
        return told == 0 || numbers.ActiveProcesses == 0;
    }

    platform::Handle job = make_job();
    /// Absent when it could not be started.
    platform::Handle program;
    DWORD group = 0;
};

JobProcess::JobProcess(const LaunchPlan& plan)
    : state_(std::make_unique<State>()) {
    PROCESS_INFORMATION started{};
    if (!start_suspended(plan, started)) {
        append_log(plan.log,
                   fmt::format("The command cannot be started: {} in {}: {}\n",
                               plan.arguments.front(),
                               plan.working_directory.string(),
                               system_text(platform::last_error()).english()));
        return;
    }
    const platform::Handle thread(started.hThread);
    state_->program = platform::Handle(started.hProcess);
    state_->group = started.dwProcessId;
    ::AssignProcessToJobObject(state_->job.get(), started.hProcess);
    ::ResumeThread(started.hThread);
}

JobProcess::~JobProcess() {
    kill();
    for (int look = 0; look < looks_for_the_rest && !state_->is_empty(); ++look)
        ::Sleep(look_again_ms);
}

std::optional<ProcessExit> JobProcess::wait_for(std::chrono::milliseconds time) {
    if (state_->program.get() == nullptr) return ProcessExit{not_started, false, {}};
    const auto patience = static_cast<DWORD>(time.count());
    if (::WaitForSingleObject(state_->program.get(), patience) != WAIT_OBJECT_0)
        return std::nullopt;
    DWORD code = 0;
    ::GetExitCodeProcess(state_->program.get(), &code);
    return ProcessExit{static_cast<int>(code), false, {}};
}

void JobProcess::ask_to_end() {
    ::GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, state_->group);
}

void JobProcess::kill() {
    ::TerminateJobObject(state_->job.get(), 1);
}

}  // namespace aml::execution
