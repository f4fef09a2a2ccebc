#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace aml::cli {
namespace {

// From CMake, empty when it was not told.
constexpr std::string_view target = AML_TARGET;
constexpr std::string_view commit = AML_COMMIT;

/// "(linux-x64, commit 1a2b3c4)".
std::string origin() {
    auto text = target.empty() ? localize("built for this system").shown() : std::string(target);
    if (!commit.empty()) text = localize("{}, commit {}", text, commit);
    return fmt::format("({})", text);
}

ExitCode print_version(const TypedCommand& typed, const std::string& version) {
    Terminal terminal(TerminalOptions::standard(typed.line.has("--json")));
    terminal.line(fmt::format("aml {} {}", version, origin()));
    nlohmann::json value{{"version", version}};
    if (!target.empty()) value["target"] = target;
    if (!commit.empty()) value["commit"] = commit;
    terminal.value(value);
    return ExitCode::Completed;
}

}  // namespace

const Command version_command{.name = "version",
                              .summary = Localizable("Print the version, target and commit"),
                              .options = azure_options,
                              .handler = print_version};

}  // namespace aml::cli
