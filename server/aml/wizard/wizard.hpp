#pragma once

#include "azure/resource_id.hpp"
#include "ui/prompter.hpp"
#include "workspace/catalog.hpp"
#include "workspace/saved_state.hpp"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::wizard {

/// What "Run as experiment" is asked for. Answers that are given here are not asked again.
struct WizardRequest {
    /// Absolute path of the Python script.
    std::filesystem::path script{};
    /// Folder whose choices are remembered, e.g. the one open in the editor; empty for the script's
    /// own.
    std::filesystem::path folder{};
    /// Names may be in any case.
    std::optional<azure::ResourceId> workspace{};
    std::optional<std::string> experiment{};
    /// A compute's name, or "serverless".
    std::optional<std::string> compute{};
    /// Id of a template ("sklearn"), name of a conda or requirements file beside the script, or an
    /// environment as a run configuration names it ("azureml:name:1", "azureml:name@latest"). Its
    /// packages are taken as they are.
    std::optional<std::string> environment{};
};

struct WizardResult {
    /// The run configuration.
    std::filesystem::path configuration{};
    /// False when there was one already: it is left as it is.
    bool created = false;
    azure::ResourceId workspace{};
};

/// Turns a script into a run configuration by asking, with Back on every step and nothing written
/// before the last one. What it is constructed with must outlive it and its calls.
class ExperimentWizard final {
public:
    ExperimentWizard(workspace::Catalog& catalog,
                     workspace::SavedState& state,
                     ui::Prompter& prompter);

    /// Asks for what is missing and writes `<script>.job.json` and, unless the folder is bound to
    /// it already,
    /// `.azureml/config.json`. An existing run configuration ends the wizard before the first
    /// question. Nothing when the user gave up; then nothing was written. Throws: NotFound (no such
    /// script), Rejected (not a Python file, one in a folder that is too wide to be sent, damaged
    /// `.azureml/config.json`, an answer given in the request that is impossible), NotSignedIn,
    /// Unavailable (a file cannot be written; nobody can be asked), Cancelled.
    asio::awaitable<std::optional<WizardResult>> run(WizardRequest request, std::stop_token stop);

private:
    workspace::Catalog& catalog_;
    workspace::SavedState& state_;
    ui::Prompter& prompter_;
};

}  // namespace aml::wizard
