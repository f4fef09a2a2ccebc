#pragma once

#include "arm/site.hpp"

#include <string>

namespace aml::emulator {

/// A command or sweep job as a PUT asked for it, checked and completed with the service's defaults.
struct JobSpec {
    std::string experiment;
    std::string display_name;
    std::string description;
    /// Compute name; "" for serverless.
    std::string target;
    json tags = json::object();
    json properties = json::object();
    bool archived = false;
    /// What cannot change once the job exists: command, codeId, environmentId, computeId, inputs,
    /// outputs, resources, distribution, limits, queueSettings, identity, environmentVariables,
    /// services, notificationSetting. Of a sweep also jobType, trial (with what its trials run),
    /// searchSpace, samplingAlgorithm, objective, earlyTermination.
    json job = json::object();
};

/// Checks the body of PUT jobs/{name} (`name` spelled as the job has it) as the service does,
/// references included. Throws: Refused (400 UserError) listing everything that is wrong; (404
/// UserError) for an asset that does not exist. Source: Jobs - Create Or Update, CommandJob,
/// 2025-12-01.
JobSpec check_job(Site& site,
                  const Workspace& workspace,
                  const Request& request,
                  const std::string& name,
                  const json& body);

}  // namespace aml::emulator
