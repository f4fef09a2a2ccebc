#pragma once

#include "runconfig/checker.hpp"
#include "runconfig/job.hpp"
#include "runconfig/rest_job.hpp"
#include "runconfig/schema.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace aml::runconfig {

/// One type of job: all that differs between them.
struct JobType {
    /// The value of `type`; with `Job.schema.json` behind it the file that `$schema` ends in.
    std::string_view word;
    const ObjectSchema& schema;
    /// What the schema cannot say. Tolerates wrong types, which `check_schema` reports.
    void (*check)(const Node& root, Findings& findings);
    /// The job a checked document says. Precondition: the checks found no error.
    Job (*read)(const Node& root);
    /// Adds what the type has of its own to the resource's `properties`.
    void (*put)(nlohmann::json& properties, const Job& job, const ResolvedReferences& resolved);
};

extern const ObjectSchema command_schema;
void check_command(const Node& root, Findings& findings);
Job read_command(const Node& root);
void put_command(nlohmann::json& properties, const Job& job, const ResolvedReferences& resolved);

extern const ObjectSchema sweep_schema;
void check_sweep(const Node& root, Findings& findings);
Job read_sweep(const Node& root);
void put_sweep(nlohmann::json& properties, const Job& job, const ResolvedReferences& resolved);

extern const ObjectSchema pipeline_schema;
void check_pipeline(const Node& root, Findings& findings);
Job read_pipeline(const Node& root);
void put_pipeline(nlohmann::json& properties, const Job& job, const ResolvedReferences& resolved);

/// The type of job that a document says it has.
struct SaidType {
    /// Null for a type of the public schemas that this version does not know.
    const JobType* type = nullptr;
    /// As written, in lower case.
    std::string word;
    /// What says so; null when nothing does, which means a command job.
    const Node* where = nullptr;
};

/// What `type` says, or without one `$schema`. A word that no public schema has is taken for a slip
/// in a command job.
SaidType said_type(const Node& root);

/// The type of a job that was read.
const JobType& type_of(const Job& job);

/// The schema of the object at `path` in the document; null when the schema knows no object there.
const ObjectSchema* schema_at(const Node& root, const std::vector<std::string>& path);

}  // namespace aml::runconfig
