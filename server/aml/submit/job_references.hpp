#pragma once

#include "async/asio.hpp"
#include "runconfig/job.hpp"
#include "runconfig/run_configuration.hpp"
#include "submit/submit_context.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

namespace aml::submit {

/// The ARM id of the compute; absent for serverless. A cluster that has been found before costs no
/// call, but where more than one node is wanted. Throws: NotFound (names the compute and those
/// there are), Rejected (it cannot run a job: stopped, failed, being deleted, too few nodes
/// allowed, or of a kind that runs none), Forbidden, Unavailable, Cancelled.
asio::awaitable<std::optional<std::string>> resolve_compute(
    SubmitContext& context,
    runconfig::ComputeReference compute,
    runconfig::WantedNodes nodes,
    const runconfig::RunConfiguration& configuration,
    std::stop_token stop);

/// The id of the environment version to run in. A version that has been found or made before costs
/// no call; `@latest` is always looked up. An environment written into the job becomes an anonymous
/// version named after the hash of its definition. Paths in it are relative to `file`; a local
/// Docker folder is uploaded. Throws: NotFound (names environment and version), Rejected,
/// Unavailable (conda file), Forbidden, as `upload_local`, Cancelled.
asio::awaitable<std::string> resolve_environment(SubmitContext& context,
                                                 runconfig::Environment environment,
                                                 std::filesystem::path file,
                                                 std::stop_token stop);

/// The ids of the data and models that inputs name (`azureml:name:version`), and the addresses of
/// local files and folders, relative to `file`, which are uploaded. Inputs that are addresses or
/// literals are left out. Throws: NotFound (`@latest` of something that does not exist), Rejected,
/// as `upload_local`, Cancelled.
asio::awaitable<std::map<std::string, std::string>> resolve_inputs(
    SubmitContext& context,
    std::map<std::string, runconfig::Input> inputs,
    std::filesystem::path file,
    std::stop_token stop);

}  // namespace aml::submit
