#include "cli/help.hpp"

#include "support/localize.hpp"

#include <fmt/format.h>

namespace aml::cli {
namespace {

std::string invocation(const CommandSpec& command) {
    return command.operand.empty() ? std::string(command.name)
                                   : fmt::format("{} {}", command.name, command.operand);
}

// Continuation lines of `text` start below its first one.
std::string indented(std::string_view text, std::size_t column) {
    std::string result;
    for (const char character : text) {
        result += character;
        if (character == '\n') result.append(column, ' ');
    }
    return result;
}

std::string option_lines(std::span<const OptionSpec> options) {
    std::string lines;
    for (const auto& option : options) {
        const auto name = option.value_name.empty()
                              ? std::string(option.name)
                              : fmt::format("{} {}", option.name, option.value_name);
        lines += fmt::format("  {:<24}{}\n", name, indented(localize(option.doc).shown(), 26));
    }
    return lines;
}

}  // namespace

std::string overview() {
    auto text =
        fmt::format("{}\n\n{}\n\n",
                    localize("usage: {}", "aml COMMAND [OPTION...]"),
                    localize("Runs training scripts as experiments in Azure Machine Learning."));
    for (const auto& command : commands()) {
        text += fmt::format("  {:<20}{}\n", invocation(command), localize(command.summary));
    }
    text += fmt::format(
        "  {:<20}{}\n\n", "serve --stdio", localize("Serve an editor (language server)"));
    text += fmt::format(
        "{}\n\n{}\n\n{}\n",
        localize("'aml COMMAND --help' explains a command."),
        localize(
            "exit code: 0 the run completed, 1 it failed (or something else did), 2 wrong usage,\n"
            "3 the run was cancelled, 4 it has not ended ('aml status'), 130 Ctrl-C."),
        localize("environment: AZUREML_ARM_ENDPOINT chooses another Azure than the public one;\n"
                 "AZUREML_AUTH chooses how to sign in ('aml login --help');\n"
                 "NO_COLOR turns colours off."));
    return text;
}

std::string help_for(const CommandSpec& command) {
    auto text =
        fmt::format("{}\n\n{}\n",
                    localize("usage: {}", fmt::format("aml {} [OPTION...]", invocation(command))),
                    localize("{}.", localize(command.summary)));
    if (!command.description.english().empty())
        text += fmt::format("{}\n", localize(command.description));
    text += "\n" + option_lines(command.options) + option_lines(common_options());
    return text;
}

}  // namespace aml::cli
