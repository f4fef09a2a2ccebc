#pragma once

#include "workspace/saved_state.hpp"

#include <filesystem>
#include <string>

namespace aml::wizard {

/// What was chosen last in a folder, to be preselected next time. Everything may be empty.
struct RememberedChoices {
    std::string subscription_id{};
    /// ARM id.
    std::string workspace_id{};
    std::string experiment{};
    /// A compute's name, or "serverless".
    std::string compute{};
    /// Id of the row in the list of compute configurations, e.g. "template:sklearn".
    std::string environment{};
    /// Machine size of the compute created last.
    std::string vm_size{};

    bool operator==(const RememberedChoices&) const = default;
};

/// What was chosen last for scripts in `folder`, else in any folder; empty when nothing was or it
/// cannot be read.
asio::awaitable<RememberedChoices> recall_choices(workspace::SavedState& state,
                                                  std::filesystem::path folder);

/// Keeps `choices` for `folder`. A failure is logged by `state`, never thrown.
asio::awaitable<void> remember_choices(workspace::SavedState& state,
                                       std::filesystem::path folder,
                                       RememberedChoices choices);

}  // namespace aml::wizard
