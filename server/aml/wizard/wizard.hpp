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

/// What the wizard is to make.
enum class Purpose { Run, Sweep };

/// What "Run as experiment" or "Sweep…" is asked for. Answers that are given here are not asked
/// again.
struct WizardRequest {
    Purpose purpose = Purpose::Run;
    /// Absolute path of the Python script; empty when a sweep is made of a configuration.
    std::filesystem::path script{};
    /// Of a sweep: the run configuration of a command job that it is made of. The one beside the
    /// script is taken where there is one.
    std::filesystem::path configuration{};
    /// What that configuration says; what is on the disk when it is not given.
    std::optional<std::string> text{};
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
    /// Of a sweep only what it needs beyond the run configuration of its job is asked, where there
    /// is one, and `<script>.sweep.job.json` is written, with a number where there is one already.
    asio::awaitable<std::optional<WizardResult>> run(WizardRequest request, std::stop_token stop);

private:
    asio::awaitable<std::optional<WizardResult>> run_sweep(WizardRequest request,
                                                           std::stop_token stop);

    workspace::Catalog& catalog_;
    workspace::SavedState& state_;
    ui::Prompter& prompter_;
};

}  // namespace aml::wizard
