#include "async/child_process.hpp"

#include "platform/process.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"

#include <algorithm>
#include <memory>

namespace aml::async {
namespace {

constexpr std::size_t most_kept = 1024 * 1024;
// How soon a stop or the time limit is noticed.
constexpr std::chrono::milliseconds tick{50};

std::unique_ptr<platform::Process> start(const ProgramCall& call) {
    platform::ProcessStart start{
        .arguments = call.arguments,
        .directory = call.directory,
        .environment = platform::with_variables(platform::variables(), call.environment)};
    try {
        return std::make_unique<platform::Process>(start);
    } catch (const std::system_error& error) {
        const auto reason = system_text(error.code());
        throw Error(ErrorKind::Unavailable,
                    localize("Cannot start {}: {}.", call.arguments.front(), reason));
    }
}

void append(std::string& kept, std::string_view more) {
    const auto room = most_kept - std::min(most_kept, kept.size());
    kept += more.substr(0, room);
}

}  // namespace

ProgramResult run_program(const ProgramCall& call, std::stop_token stop) {
    const auto process = start(call);
    const auto deadline = std::chrono::steady_clock::now() + call.timeout;
    ProgramResult result;
    for (bool ended = false; !ended;) {
        if (stop.stop_requested()) throw cancelled();
        if (std::chrono::steady_clock::now() >= deadline) return result;
        const auto printed = process->read(tick);
        append(result.output, printed.output);
        append(result.errors, printed.errors);
        ended = printed.ended;
    }
    result.exit_code = process->wait();
    return result;
}

}  // namespace aml::async
