#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace aml::runs {

/// How a run with some status is shown.
struct StatusLook {
    /// Name of a VS Code codicon.
    std::string_view icon;
    /// Id of a VS Code theme colour; empty for the usual one.
    std::string_view color;
};

/// The look of a status as Azure spells it; a question mark for one that is not known.
StatusLook look_of(std::string_view status);

/// The state of a run in a user's words, e.g. "waiting for a node"; as Azure spells it when it is
/// not known.
std::string status_text(std::string_view status);

/// "45 s", "3 min 12 s", "2 h 5 min".
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace aml::runs
