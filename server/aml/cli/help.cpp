#include "cli/help.hpp"

#include "support/localize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <variant>

namespace aml::cli {
namespace {

constexpr std::array help_option{OptionSpec{"--help", "", Localizable("Explain the command.")}};

std::string with_operand(const Command& command) {
    return command.operand.empty() ? std::string(command.name)
                                   : fmt::format("{} {}", command.name, command.operand);
}

}  // namespace

std::string overview(CommandTable table) {
    auto text =
        fmt::format("{}\n\n{}\n\n",
                    localize("usage: {}", "aml COMMAND [OPTION...]"),
                    localize("Runs training scripts as experiments in Azure Machine Learning."));
    std::size_t width = 0;
    for (const auto* command : table) width = std::max(width, with_operand(*command).size());
    for (const auto* command : table) {
        text += fmt::format(
            "  {:<{}}  {}\n", with_operand(*command), width, localize(command->summary));
    }
    text += fmt::format(
        "\n{}\n{}\n\n{}\n\n{}\n",
        localize("'aml COMMAND --help' explains a command."),
        localize("'aml emulator' is a local Azure Machine Learning, which 'aml emulator --help' "
                 "explains."),
        localize(
            "exit code: 0 the run completed, 1 it failed (or something else did), 2 wrong usage,\n"
            "3 the run was cancelled, 4 it has not ended ('aml status'), 130 Ctrl-C."),
        localize("environment: AZUREML_ARM_ENDPOINT chooses another Azure than the public one;\n"
                 "AZUREML_AUTH chooses how to sign in ('aml login --help');\n"
                 "NO_COLOR turns colours off."));
    return text;
}

std::string help_for(const Command& command) {
    auto text =
        fmt::format("{}\n\n{}\n",
                    localize("usage: {}", fmt::format("aml {} [OPTION...]", with_operand(command))),
                    localize("{}.", localize(command.summary)));
    if (!command.description.english().empty())
        text += fmt::format("{}\n", localize(command.description));
    text += "\n" + option_lines(command.options);
    if (std::holds_alternative<AzureHandler>(command.handler)) text += option_lines(azure_options);
    return text + option_lines(help_option);
}

LocalizedText help_hint(const Command* command) {
    return localize(
        "'{}' explains it.",
        command == nullptr ? "aml --help" : fmt::format("aml {} --help", command->name));
}

}  // namespace aml::cli
