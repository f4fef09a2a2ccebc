#pragma once

#include "async/clock.hpp"
#include "async/task_group.hpp"
#include "cli/command.hpp"
#include "cli/terminal.hpp"
#include "support/log.hpp"
#include "support/random.hpp"
#include "ui/prompter.hpp"
#include "workspace/azure_access.hpp"
#include "workspace/saved_state.hpp"

#include <filesystem>
#include <string>

namespace aml::cli {

/// What a command works with. Refers to things that outlive the command.
struct Invocation {
    const CommandLine& line;
    /// What the command is applied to, the first of several; empty when nothing was given.
    const std::string& operand;
    Terminal& terminal;
    ui::Prompter& prompter;
    async::Clock& clock;
    Random& random;
    async::TaskGroup& tasks;
    workspace::SavedState& state;
    /// The way to Azure, or to the runs of this computer.
    workspace::AzureAccess& access;
    Log log{};
    /// Where the user stands.
    std::filesystem::path directory{};
    /// Someone can be asked: input and standard error are terminals, and the output is for people.
    bool interactive = false;
    /// The command is about runs on this computer.
    bool here = false;
};

}  // namespace aml::cli
