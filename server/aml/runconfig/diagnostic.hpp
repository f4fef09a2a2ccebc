#pragma once

#include "runconfig/text.hpp"

#include <filesystem>
#include <string>

namespace aml::runconfig {

enum class Severity { Error, Warning, Information };

/// A fault of a run configuration: where, which key, what was expected and what to do.
struct Diagnostic {
    Range range;
    Severity severity = Severity::Error;
    /// Stable short name, for filters and tests: "syntax", "unknownKey", "type", "value",
    /// "missing", "reference"...
    std::string code;
    /// One English sentence in a data scientist's words; says the remedy when there is one.
    std::string message;
    /// Dotted path of the key concerned, e.g. "environment.conda_file"; empty for the whole
    /// document.
    std::string key;

    bool operator==(const Diagnostic&) const = default;
};

/// `train.job.json:4:12: compute: …` with line and column counted from one, as terminals and
/// editors show them.
std::string format(const std::filesystem::path& file, const Diagnostic& diagnostic);

}  // namespace aml::runconfig
