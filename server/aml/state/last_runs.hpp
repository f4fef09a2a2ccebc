#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace aml::state {

/// The last submission of a script: what `repeatLastRun` needs.
struct LastRun {
    /// Absolute, normalised.
    std::filesystem::path script;
    /// The run configuration that was used.
    std::filesystem::path configuration;
    std::string arm_endpoint;
    /// ARM id of the workspace.
    std::string workspace_id;
    std::string job_name;
    std::string display_name;
    std::string experiment;
    /// RFC 3339, UTC.
    std::string submitted_at;

    bool operator==(const LastRun&) const = default;
};

nlohmann::json to_json(const LastRun& run);
/// Absent when it is not a last run (an entry of another version).
std::optional<LastRun> last_run_from_json(const nlohmann::json& json);

}  // namespace aml::state
