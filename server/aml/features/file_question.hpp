#pragma once

#include "features/commands_feature.hpp"
#include "features/services.hpp"
#include "features/ui_feature.hpp"

#include <optional>
#include <string>

namespace aml::features {

/// What a command that is about a file is about.
enum class FileKind {
    Script,
    RepeatableScript,
    RunConfiguration,
    /// A script, or a run configuration.
    Sweepable
};

/// The URI of the file that a command is about: the document it was used on, else the one in front
/// of the user if it is of this kind, else the one of the open folders that they choose; nothing
/// when they gave up. Folders that hold no code of the user's (hidden ones, virtual environments,
/// packages) are left out. Throws: Rejected when there is nothing to choose from; as
/// `UiFeature::pick`.
asio::awaitable<std::optional<std::string>> file_of(const CommandCall& call,
                                                    FileKind kind,
                                                    Services& services,
                                                    UiFeature& ui);

}  // namespace aml::features
