#pragma once

#include "async/asio.hpp"
#include "azure/resource_id.hpp"
#include "runconfig/document.hpp"
#include "runconfig/package_files.hpp"
#include "runconfig/script_options.hpp"
#include "ui/prompter.hpp"
#include "wizard/new_compute.hpp"
#include "wizard/wizard_memory.hpp"
#include "wizard/wizard_packages.hpp"
#include "workspace/catalog.hpp"
#include "workspace/saved_state.hpp"
#include "workspace/workspace_binding.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aml::wizard {

/// What the steps of the wizard work with. All of it outlives the wizard.
struct WizardTools {
    workspace::Catalog& catalog;
    workspace::SavedState& state;
    ui::Prompter& prompter;
};

/// What *Sweep…* asks beyond that.
struct SweepDraft {
    /// The text of the run configuration that there is; empty when the wizard makes one.
    std::string job{};
    runconfig::Syntax syntax = runconfig::Syntax::Json;
    /// What can be tried.
    std::vector<runconfig::ScriptOption> options{};
    /// Places in `options`.
    std::vector<std::size_t> chosen{};
    /// Of each option, in the words of the command line; empty until it was asked for.
    std::vector<std::string> spaces{};
    /// That the script is known to log.
    std::vector<std::string> metrics{};
    std::string metric{};
    /// "maximize" or "minimize".
    std::string goal{};
    std::optional<std::uint64_t> trials{};
    std::optional<std::uint64_t> at_once{};
};

/// Everything answered so far. Steps fill it in and find their own earlier answers there, so that
/// going back, or failing, loses nothing that was typed.
struct WizardDraft {
    std::filesystem::path script{};
    /// Where choices are remembered.
    std::filesystem::path folder{};
    RememberedChoices remembered{};

    /// The workspace the folder belongs to already.
    std::optional<workspace::WorkspaceBinding> binding{};
    /// The user wants another one than the bound one.
    bool another_workspace = false;
    std::string subscription_id{};
    azure::ResourceId workspace{};
    /// Azure region, e.g. "eastus2".
    std::string location{};

    std::string experiment{};
    std::string typed_experiment{};

    /// A name, or "serverless".
    std::string compute{};
    /// The compute has GPUs, so the environment's image needs CUDA.
    bool gpu = false;
    NewCompute new_compute{};

    /// Row chosen in the list of compute configurations, e.g. "template:sklearn".
    std::string environment{};
    /// Set when an environment that exists was chosen: as a run configuration names it.
    std::optional<std::string> environment_reference{};
    /// The packages of each row that was looked at, edited or not.
    std::map<std::string, PackageChoice> packages{};
    /// Conda and requirements files beside the script, by row.
    std::map<std::string, runconfig::PackageFile> package_files{};

    /// Set when a sweep is wanted.
    std::optional<SweepDraft> sweep{};
};

}  // namespace aml::wizard
