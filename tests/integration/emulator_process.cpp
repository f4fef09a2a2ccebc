#include "integration/emulator_process.hpp"

#include "support/error.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace aml::test {
namespace {

std::filesystem::path make_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "aml-emulator-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        throw Error(ErrorKind::Unavailable, "No temporary folder.");
    return pattern;
}

/// With AML_RECORD_DIR in that folder, for the suite `fidelity`.
std::string record_file(const std::filesystem::path& state) {
    const char* shared = std::getenv("AML_RECORD_DIR");
    const auto name = "integration-" + state.filename().string() + ".jsonl";
    return (shared == nullptr ? state : std::filesystem::path(shared)) / name;
}

/// In the child, between fork and exec.
[[noreturn]] void become_emulator(int output,
                                  const std::string& state,
                                  const std::string& record,
                                  const std::string& log) {
    dup2(output, STDOUT_FILENO);
    const int errors = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(errors, STDERR_FILENO);
    execl(AML_PROGRAM,
          AML_PROGRAM,
          "emulator",
          "--port",
          "0",
          "--state",
          state.c_str(),
          "--environments",
          "system",
          "--record",
          record.c_str(),
          "--page-size",
          "2",
          nullptr);
    _exit(127);
}

std::string first_line(int input) {
    std::string line;
    std::array<char, 1> letter{};
    while (read(input, letter.data(), 1) == 1 && letter[0] != '\n') line += letter[0];
    return line;
}

}  // namespace

EmulatorProcess::EmulatorProcess()
    : state_(make_folder()) {
    const auto log = (state_ / "emulator.log").string();
    const auto folder = (state_ / "state").string();
    const auto record = record_file(state_);
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw Error(ErrorKind::Unavailable, "No pipe.");
    process_ = fork();
    if (process_ == 0) become_emulator(ends[1], folder, record, log);
    close(ends[1]);
    const auto line = first_line(ends[0]);
    close(ends[0]);
    ready_ = nlohmann::json::parse(line, nullptr, false);
    if (!ready_.is_object())
        throw Error(ErrorKind::Unavailable, "The emulator is not ready; see " + log);
}

EmulatorProcess::~EmulatorProcess() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    if (std::getenv("AML_KEEP_STATE") == nullptr) std::filesystem::remove_all(state_);
}

}  // namespace aml::test
