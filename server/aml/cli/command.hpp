#pragma once

#include "async/asio.hpp"
#include "support/command_line.hpp"
#include "support/localize.hpp"

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

namespace aml::cli {

/// How a command ends. `Failed` also stands for every error that is not one of the others.
enum class ExitCode {
    /// The run completed; a command that follows no run did what it was asked.
    Completed = 0,
    Failed = 1,
    /// The command line is wrong or says too little.
    Usage = 2,
    Cancelled = 3,
    /// `aml status` of a run that has not ended.
    Unfinished = 4,
    /// Ctrl-C: nobody knows how the run ends, and it goes on.
    Interrupted = 130,
};

struct Command;
struct Invocation;

/// A command as it was typed.
struct TypedCommand {
    const Command* command = nullptr;
    CommandLine line;
    /// What the command is applied to, the first of several; empty when nothing was given.
    std::string operand;
};

/// What a command does with Azure, on a loop of its own; it has `azure_options` beside its own.
/// Ends early with Cancelled when the token fires (Ctrl-C).
using AzureHandler = asio::awaitable<ExitCode> (*)(Invocation& invocation, std::stop_token stop);

/// What any other command does, given the version of the program.
using PlainHandler = ExitCode (*)(const TypedCommand& typed, const std::string& version);

/// A terminal command: everything that reading its command line, helping and running it need.
struct Command {
    /// One word, or several with a blank between them.
    std::string_view name{};
    /// What it is applied to, as help shows it, a word for each; empty for nothing.
    std::string_view operand{};
    bool operand_required = false;
    /// One line.
    Localizable summary{};
    /// What else a user needs to know, in lines of at most 80 characters.
    Localizable description{};
    std::span<const OptionSpec> options{};
    std::variant<AzureHandler, PlainHandler> handler{};
};

/// The options of every command that works with Azure.
inline constexpr OptionSpec azure_options[]{
    {"--json", "", Localizable("Print JSON for programs, one value a line.")},
    {"--verbose", "", Localizable("Log every call to Azure to standard error.")},
};

/// Options that several commands have.
inline constexpr OptionSpec workspace_option{
    "--workspace",
    "WORKSPACE",
    Localizable("Where: a workspace's name, GROUP/NAME, SUBSCRIPTION/GROUP/NAME, or its ARM id.\n"
                "Without it .azureml/config.json says so, in this folder or above.")};
inline constexpr OptionSpec local_option{
    "--local", "", Localizable("On this computer, and not in Azure.")};
inline constexpr OptionSpec follow_option{
    "--follow", "", Localizable("Stay and show status and log until the run has ended.")};

}  // namespace aml::cli
