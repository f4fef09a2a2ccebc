#pragma once

#include "async/clock.hpp"
#include "support/localize.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runs {

/// How far a run is: not started; at work; over, so that its status changes no more; not known to
/// go on, so that it is asked about slowly.
enum class RunPhase { Waiting, Active, Final, Unknown };

/// The sorts of runs that a user tells apart.
enum class RunGroup { Unfinished, Completed, Failed, Cancelled };

/// One of those sorts, as a user chooses it.
struct GroupChoice {
    RunGroup group;
    std::string_view id;
    /// On its own, e.g. "Failed".
    Localizable label;
    /// Within a sentence, e.g. "failed".
    Localizable text;
    /// Name of a VS Code codicon.
    std::string_view icon;
};

/// All groups, in the order in which they are shown.
inline constexpr std::array<GroupChoice, 4> group_choices{{
    {RunGroup::Unfinished,
     "active",
     Localizable("Going on or waiting"),
     Localizable("going on or waiting"),
     "sync"},
    {RunGroup::Completed,
     "completed",
     Localizable("Completed"),
     Localizable("completed"),
     "pass-filled"},
    {RunGroup::Failed, "failed", Localizable("Failed"), Localizable("failed"), "error"},
    {RunGroup::Cancelled,
     "cancelled",
     Localizable("Cancelled"),
     Localizable("cancelled"),
     "circle-slash"},
}};

/// How a run with some status is shown.
struct StatusLook {
    /// Name of a VS Code codicon.
    std::string_view icon;
    /// Id of a VS Code theme colour; empty for the usual one.
    std::string_view color;
};

/// Whether run history's filter may be given a status.
enum class InQueries { Yes, No };

/// A status that a run can have, with all that follows from it. A new one is one row of the table
/// in run_status.cpp.
struct RunStatus {
    /// As Azure spells it, e.g. "CancelRequested"; its text for the terminal.
    Localizable name;
    RunPhase phase;
    RunGroup group;
    /// In a user's words, e.g. "being cancelled".
    Localizable text;
    StatusLook look;
    InQueries in_queries = InQueries::Yes;
};

/// The row of a status, in any case; null when it is not known.
const RunStatus* find_status(std::string_view status);

/// The phase of a status; Unknown for one that is not known.
RunPhase phase_of(std::string_view status);

/// The group of a status; Unfinished for one that is not known.
RunGroup group_of(std::string_view status);

/// The statuses of a group that run history's filter may be given, as Azure spells them.
std::vector<std::string> statuses_for_query(RunGroup group);

/// The look of a status; a question mark for one that is not known.
StatusLook look_of(std::string_view status);

/// The state of a run in a user's words, e.g. "waiting for a node"; as Azure spells it when it is
/// not known.
std::string status_text(std::string_view status);

/// The status under Azure's own name, in the user's language; as it is when it is not known.
std::string status_name(std::string_view status);

/// A moment for people: the server may run far from them, so the zone is said. Empty when absent.
std::string time_text(const std::optional<async::Clock::TimePoint>& time);

/// "45 s", "3 min 12 s", "2 h 5 min".
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace aml::runs
