#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runconfig {

/// An option of a script's command line whose values can be tried.
struct ScriptOption {
    enum class Type { Text, Integer, Number };

    /// As an input or a hyperparameter is called, e.g. "learning_rate".
    std::string name{};
    /// As it is written on the command line, e.g. "--learning-rate"; empty for an input that the
    /// command has already.
    std::string flag{};
    Type type = Type::Text;
    /// What it is when it is left out.
    std::optional<std::string> value{};
    std::vector<std::string> choices{};

    bool operator==(const ScriptOption&) const = default;
};

/// The options that a Python source declares with `argparse`, with `click`, or as the parameters of
/// the function that `fire` makes a program of, in the order of the source. Options without a value
/// are left out, and so is what stands on the command line by its place. Nothing is run.
std::vector<ScriptOption> script_options(std::string_view source);

/// What a script is seen to log.
struct LoggedMetrics {
    std::vector<std::string> names{};
    /// Nothing is logged whose name cannot be seen.
    bool complete = true;
};

/// The metrics that a Python source names when it logs them, each once and in the order of the
/// source: `mlflow.log_metric("x", …)`, `log_metrics({"x": …})`, `run.log("x", …)`,
/// `self.log("x", …)`; and behind them what `autolog()` is known to log of the frameworks that are
/// imported. Source: mlflow.sklearn, mlflow.tensorflow, "autolog".
LoggedMetrics logged_metrics(std::string_view source);

/// A search space for an option, in the words of `aml sweep --search`, to be edited: around its
/// usual value, or its choices.
std::string proposed_space(const ScriptOption& option);

/// Whether a metric of this name is better the smaller it is, such as a loss.
bool is_minimized(std::string_view metric);

}  // namespace aml::runconfig
