#include "state/last_runs.hpp"

#include "support/json.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace aml::state {

nlohmann::json to_json(const LastRun& run) {
    return {{"script", run.script.string()},
            {"configuration", run.configuration.string()},
            {"armEndpoint", run.arm_endpoint},
            {"workspaceId", run.workspace_id},
            {"jobName", run.job_name},
            {"displayName", run.display_name},
            {"experiment", run.experiment},
            {"submittedAt", run.submitted_at}};
}

std::optional<LastRun> last_run_from_json(const nlohmann::json& json) {
    if (!json.is_object()) return std::nullopt;
    constexpr std::array keys{"script",
                              "configuration",
                              "armEndpoint",
                              "workspaceId",
                              "jobName",
                              "displayName",
                              "experiment",
                              "submittedAt"};
    for (const auto* key : keys) {
        if (!text_member(json, key)) return std::nullopt;
    }
    return LastRun{.script = json["script"].get<std::string>(),
                   .configuration = json["configuration"].get<std::string>(),
                   .arm_endpoint = json["armEndpoint"],
                   .workspace_id = json["workspaceId"],
                   .job_name = json["jobName"],
                   .display_name = json["displayName"],
                   .experiment = json["experiment"],
                   .submitted_at = json["submittedAt"]};
}

}  // namespace aml::state
