#include "platform/process.hpp"

#include "platform/error.hpp"
#include "platform/quoting.hpp"
#include "platform/windows/handle.hpp"
#include "platform/windows/wide.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <system_error>
#include <windows.h>

namespace aml::platform {
namespace {

// How often pipes are looked at, which cannot be waited for.
constexpr DWORD look_every_ms = 5;

[[noreturn]] void throw_error(const char* what) {
    throw std::system_error(last_error(), what);
}

/// A pipe whose end for writing the program inherits.
struct Pipe {
    Pipe() {
        SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
        HANDLE ends[2];
        if (::CreatePipe(&ends[0], &ends[1], &inherited, 0) == 0) throw_error("pipe");
        read = Handle(ends[0]);
        write = Handle(ends[1]);
        ::SetHandleInformation(read.get(), HANDLE_FLAG_INHERIT, 0);
    }

    Handle read;
    Handle write;
};

/// All processes in it are killed when it is closed.
Handle make_job() {
    Handle job(::CreateJobObjectW(nullptr, nullptr));
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (!job.is_open() ||
        ::SetInformationJobObject(
            job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits) == 0)
        throw_error("job");
    return job;
}

/// "NAME=value" with zeros between them, in the order that Windows wants.
std::wstring environment_block(Variables variables) {
    std::sort(variables.begin(), variables.end());
    std::wstring block;
    for (const auto& [name, value] : variables) block += to_wide(name + '=' + value) + L'\0';
    return block + L'\0';
}

/// The program and the command line that it is started with.
std::pair<std::wstring, std::wstring> what_to_run(const std::vector<std::string>& arguments) {
    if (!is_cmd_script(arguments.front()))
        return {to_wide(arguments.front()), to_wide(windows_command_line(arguments))};
    const auto cmd = variable("SystemRoot") + "\\System32\\cmd.exe";
    return {to_wide(cmd), to_wide(script_command_line(cmd, arguments))};
}

/// Of this process exactly these are inherited, whatever else is started at the same time.
class InheritedHandles final {
public:
    explicit InheritedHandles(std::array<HANDLE, 3>& handles) {
        SIZE_T size = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        memory_.resize(size);
        if (::InitializeProcThreadAttributeList(list(), 1, 0, &size) == 0 ||
            ::UpdateProcThreadAttribute(list(),
                                        0,
                                        PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                        handles.data(),
                                        sizeof handles,
                                        nullptr,
                                        nullptr) == 0)
            throw_error("attributes");
    }

    InheritedHandles(const InheritedHandles&) = delete;
    InheritedHandles& operator=(const InheritedHandles&) = delete;

    ~InheritedHandles() { ::DeleteProcThreadAttributeList(list()); }

    LPPROC_THREAD_ATTRIBUTE_LIST list() {
        return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
    }

private:
    std::vector<std::byte> memory_;
};

/// Not running yet, so that nothing it starts escapes from the job.
PROCESS_INFORMATION create_suspended(const ProcessStart& start, std::array<HANDLE, 3>& streams) {
    auto [program, command_line] = what_to_run(start.arguments);
    auto environment = environment_block(start.environment);
    const auto directory =
        start.directory.empty()
            ? to_wide(variable("SystemDrive") + "\\")
            : std::filesystem::absolute(start.directory).make_preferred().native();
    InheritedHandles inherited(streams);
    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof startup;
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = streams[0];
    startup.StartupInfo.hStdOutput = streams[1];
    startup.StartupInfo.hStdError = streams[2];
    startup.lpAttributeList = inherited.list();
    PROCESS_INFORMATION process{};
    if (::CreateProcessW(program.c_str(),
                         command_line.data(),
                         nullptr,
                         nullptr,
                         TRUE,
                         CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT |
                             EXTENDED_STARTUPINFO_PRESENT,
                         environment.data(),
                         directory.c_str(),
                         &startup.StartupInfo,
                         &process) == 0)
        throw_error("start");
    return process;
}

Handle open_nothing() {
    SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    Handle nothing(::CreateFileW(L"NUL",
                                 GENERIC_READ,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE,
                                 &inherited,
                                 OPEN_EXISTING,
                                 0,
                                 nullptr));
    if (!nothing.is_open()) throw_error("NUL");
    return nothing;
}

/// Reads what is there without waiting; closes the pipe at the end. True if there was something.
bool read_some(Handle& from, std::string& into) {
    DWORD there = 0;
    if (!from.is_open()) return false;
    if (::PeekNamedPipe(from.get(), nullptr, 0, nullptr, &there, nullptr) == 0) {
        from.close();
        return true;
    }
    if (there == 0) return false;
    std::array<char, 8192> buffer{};
    DWORD got = 0;
    const auto wanted = std::min(there, static_cast<DWORD>(buffer.size()));
    if (::ReadFile(from.get(), buffer.data(), wanted, &got, nullptr) == 0) from.close();
    into.append(buffer.data(), got);
    return true;
}

std::vector<std::string> endings() {
    auto list = variable("PATHEXT");
    if (list.empty()) list = ".COM;.EXE;.BAT;.CMD";
    std::vector<std::string> endings;
    for (std::size_t start = 0; start <= list.size();) {
        const auto end = std::min(list.find(';', start), list.size());
        if (end > start) endings.push_back(list.substr(start, end - start));
        start = end + 1;
    }
    return endings;
}

}  // namespace

struct Process::Running {
    Handle job = make_job();
    Pipe output{};
    Pipe errors{};
    Handle process{};
};

Process::Process(const ProcessStart& start)
    : running_(std::make_unique<Running>()) {
    auto& running = *running_;
    const auto nothing = open_nothing();
    std::array<HANDLE, 3> streams{
        nothing.get(), running.output.write.get(), running.errors.write.get()};
    const auto created = create_suspended(start, streams);
    running.process = Handle(created.hProcess);
    const Handle thread(created.hThread);
    if (::AssignProcessToJobObject(running.job.get(), running.process.get()) == 0) {
        const auto reason = last_error();
        ::TerminateProcess(running.process.get(), 1);
        throw std::system_error(reason, "job");
    }
    ::ResumeThread(thread.get());
    running.output.write.close();
    running.errors.write.close();
}

Process::~Process() = default;

Printed Process::read(std::chrono::milliseconds patience) {
    auto& output = running_->output.read;
    auto& errors = running_->errors.read;
    const auto give_up = std::chrono::steady_clock::now() + patience;
    Printed printed;
    for (;;) {
        const bool some_output = read_some(output, printed.output);
        const bool some_errors = read_some(errors, printed.errors);
        printed.ended = !output.is_open() && !errors.is_open();
        if (some_output || some_errors || printed.ended) return printed;
        if (std::chrono::steady_clock::now() >= give_up) return printed;
        ::Sleep(look_every_ms);
    }
}

int Process::wait() {
    DWORD code = 0;
    ::WaitForSingleObject(running_->process.get(), INFINITE);
    ::GetExitCodeProcess(running_->process.get(), &code);
    // What it left behind on purpose goes on.
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION no_limits{};
    ::SetInformationJobObject(
        running_->job.get(), JobObjectExtendedLimitInformation, &no_limits, sizeof no_limits);
    return static_cast<int>(code);
}

std::filesystem::path find_program(std::string_view name, std::string_view path) {
    const auto known_endings = endings();
    while (!path.empty()) {
        const auto end = path.find(';');
        auto folder = path.substr(0, end);
        path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
        if (folder.size() >= 2 && folder.starts_with('"') && folder.ends_with('"'))
            folder = folder.substr(1, folder.size() - 2);
        const std::filesystem::path place(to_wide(folder));
        if (!place.is_absolute()) continue;
        for (const auto& ending : known_endings) {
            auto file = place / to_wide(std::string(name) + ending);
            std::error_code ignored;
            if (std::filesystem::is_regular_file(file, ignored)) return file;
        }
    }
    return {};
}

}  // namespace aml::platform
