#include "cli/command_line.hpp"
#include "support/localize.hpp"

#include <algorithm>
#include <array>

namespace aml::cli {
namespace {

constexpr OptionSpec workspace_option{
    "--workspace",
    "WORKSPACE",
    Localizable("Where: a workspace's name, GROUP/NAME, SUBSCRIPTION/GROUP/NAME, or its ARM id.\n"
                "Without it .azureml/config.json says so, in this folder or above.")};
constexpr OptionSpec follow_option{
    "--follow", "", Localizable("Stay and show status and log until the run has ended.")};

constexpr std::array run_options{
    workspace_option,
    OptionSpec{"--experiment", "NAME", Localizable("The experiment to put the run under.")},
    OptionSpec{"--compute", "NAME", Localizable("The compute to run on.")},
    OptionSpec{
        "--environment",
        "WHAT",
        Localizable("sklearn, pytorch, tensorflow or general; an environment of the workspace as\n"
                    "azureml:NAME:VERSION; or a conda or requirements file.")},
    follow_option,
};
constexpr std::array repeat_options{follow_option};
constexpr std::array jobs_options{
    workspace_option,
    OptionSpec{"--experiment", "NAME", Localizable("Only the runs of this experiment.")},
    OptionSpec{"--limit", "N", Localizable("At most this many; 20 unless told.")},
};
constexpr std::array status_options{workspace_option};
constexpr std::array logs_options{
    workspace_option,
    follow_option,
    OptionSpec{"--file",
               "PATH",
               Localizable("Another log of the run than what the script prints, e.g.\n"
                           "azureml-logs/20_image_build_log.txt.")},
};
constexpr std::array doctor_options{workspace_option};
constexpr std::array cancel_options{workspace_option, follow_option};

constexpr std::array all_commands{
    CommandSpec{
        "run",
        "SCRIPT|CONFIG",
        true,
        Localizable("Run a training script, or a run configuration, as an experiment in Azure ML"),
        Localizable(
            "With a script, its run configuration SCRIPT.job.json is used; when there is none "
            "yet,\n"
            "one is written from the options. What they leave open is asked for on a terminal.\n"
            "With an existing configuration, options change this run and not the file."),
        run_options},
    CommandSpec{
        "repeat",
        "SCRIPT",
        true,
        Localizable("Run a script again as it was run last, with today's code and no questions"),
        {},
        repeat_options},
    CommandSpec{"jobs", "", false, Localizable("List runs, newest first"), {}, jobs_options},
    CommandSpec{"status",
                "JOB",
                true,
                Localizable("Show how a run stands"),
                Localizable("JOB is the run's name, as 'aml jobs' shows it, or its ARM id."),
                status_options},
    CommandSpec{"logs",
                "JOB",
                true,
                Localizable("Print what a run's script prints"),
                Localizable("The log goes to standard output, everything else to standard error."),
                logs_options},
    CommandSpec{"cancel", "JOB", true, Localizable("Cancel a run"), {}, cancel_options},
    CommandSpec{
        "login",
        "",
        false,
        Localizable("Sign in and say as whom"),
        Localizable(
            "AZUREML_AUTH says how: auto (the first way that works), servicePrincipal, azureCli,\n"
            "managedIdentity or deviceCode. A service principal is taken from AZURE_TENANT_ID,\n"
            "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or\n"
            "AZURE_FEDERATED_TOKEN_FILE. No token is kept on disk."),
        {}},
    CommandSpec{
        "doctor",
        "",
        false,
        Localizable("Find out why signing in or a workspace does not work"),
        Localizable(
            "Tries each step in turn, from the address of Azure to an upload, and says for each\n"
            "one that it works, or why not and what to do. With --json one object a step."),
        doctor_options},
    CommandSpec{"version", "", false, Localizable("Print the version"), {}, {}},
};

constexpr std::array shared_options{
    OptionSpec{"--json", "", Localizable("Print JSON for programs, one value a line.")},
    OptionSpec{"--verbose", "", Localizable("Log every call to Azure to standard error.")},
    OptionSpec{"--help", "", Localizable("Explain the command.")},
};

}  // namespace

std::span<const CommandSpec> commands() {
    return all_commands;
}

std::span<const OptionSpec> common_options() {
    return shared_options;
}

const CommandSpec* find_command(std::string_view name) {
    const auto same_name = [name](const CommandSpec& command) { return command.name == name; };
    const auto found = std::find_if(all_commands.begin(), all_commands.end(), same_name);
    return found == all_commands.end() ? nullptr : &*found;
}

}  // namespace aml::cli
