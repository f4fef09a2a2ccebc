#pragma once

#include "runconfig/command_job.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>

namespace aml::runconfig {

/// What the submitter found out for the names in a job.
struct ResolvedReferences {
    /// ARM id of the code version; absent when the job has no code.
    std::optional<std::string> code_id;
    /// ARM id, registry id or curated name with version.
    std::string environment_id;
    /// ARM id; absent for serverless.
    std::optional<std::string> compute_id;
    /// Per data input whose path is not an address already: its URI or asset id.
    std::map<std::string, std::string> input_uris;

    bool operator==(const ResolvedReferences&) const = default;
};

/// The body of the PUT that creates the job: `{"properties":{…}}`. Members without a value are left
/// out. Source: Jobs - Create Or Update, CommandJob, 2025-12-01 (same members in 2024-04-01).
nlohmann::json to_rest(const CommandJob& job, const ResolvedReferences& resolved);

/// The job and the ids a REST resource (or PUT body) says; `to_rest` of the result gives the same
/// members again. Read-only members (status, parameters, server-set services) and nulls are
/// dropped. Throws: Rejected when it is not a command job or a member has another type than
/// documented.
struct RestJob {
    CommandJob job;
    ResolvedReferences resolved;
};

RestJob from_rest(const nlohmann::json& resource);

/// Seconds as ISO 8601 (`PT90S`), the form Azure ML takes.
std::string to_iso_duration(std::chrono::seconds duration);

/// Reads an ISO 8601 duration of days, hours, minutes and seconds (fractions are cut); absent when
/// it is not one.
std::optional<std::chrono::seconds> parse_iso_duration(std::string_view text);

}  // namespace aml::runconfig
