#pragma once

#include "features/services.hpp"
#include "features/ui_feature.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace aml::features {

/// What a command that is about a file is about.
enum class FileKind { Script, RepeatableScript, RunConfiguration };

/// Lets the user choose one of the files that fit in the open folders; its URI, or nothing when
/// they gave up. Folders that hold no code of the user's (hidden ones, virtual environments,
/// packages) are left out. Throws: Rejected when there is nothing to choose from; as
/// `UiFeature::pick`.
asio::awaitable<std::optional<std::string>> ask_for_file(FileKind kind,
                                                         Services& services,
                                                         UiFeature& ui,
                                                         std::stop_token stop);

}  // namespace aml::features
