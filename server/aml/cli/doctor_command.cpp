#include "cli/commands.hpp"
#include "cli/invocation.hpp"
#include "cli/place.hpp"
#include "support/localize.hpp"
#include "workspace/doctor.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace aml::cli {
namespace {

using workspace::DoctorStep;

constexpr std::array doctor_options{workspace_option};

asio::awaitable<std::optional<azure::ResourceId>> workspace_of(Invocation& invocation,
                                                               std::stop_token stop) {
    auto found = co_await any_workspace(invocation, std::move(stop));
    co_return found;
}

void show(Terminal& terminal, const DoctorStep& step) {
    const bool ok = step.state == DoctorStep::State::Ok;
    const bool failed = step.state == DoctorStep::State::Failed;
    const auto state = ok ? localize("ok") : failed ? localize("FAILED") : localize("skipped");
    const auto colour = ok ? Colour::Green : failed ? Colour::Red : Colour::Grey;
    const auto sign = terminal.coloured(fmt::format("{:<7}", state), colour);
    terminal.line(fmt::format("{}  {:<13}  {}", sign, step.title, step.text));
    nlohmann::json value{
        {"step", step.id}, {"state", workspace::to_string(step.state)}, {"text", step.text}};
    if (!step.request_id.empty()) value["requestId"] = step.request_id;
    terminal.value(value);
}

/// One line for each step, as it ends. Fails when a step does. Throws: Cancelled.
asio::awaitable<ExitCode> examine_sign_in(Invocation& invocation, std::stop_token stop) {
    workspace::DoctorTools tools{.access = invocation.access,
                                 .workspace =
                                     [&invocation](std::stop_token inner) {
                                         return workspace_of(invocation, std::move(inner));
                                     },
                                 .tell = [&terminal = invocation.terminal](
                                             const DoctorStep& step) { show(terminal, step); }};
    const auto steps = co_await workspace::examine(std::move(tools), std::move(stop));
    const bool failed = std::any_of(steps.begin(), steps.end(), [](const DoctorStep& step) {
        return step.state == DoctorStep::State::Failed;
    });
    co_return failed ? ExitCode::Failed : ExitCode::Completed;
}

}  // namespace

const Command doctor_command{
    .name = "doctor",
    .summary = Localizable("Find out why signing in or a workspace does not work"),
    .description = Localizable(
        "Tries each step in turn, from the address of Azure to an upload, and says for each\n"
        "one that it works, or why not and what to do. With --json one object a step."),
    .options = doctor_options,
    .handler = examine_sign_in};

}  // namespace aml::cli
