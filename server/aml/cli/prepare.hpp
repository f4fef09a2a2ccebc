#pragma once

#include "async/asio.hpp"
#include "cli/invocation.hpp"
#include "runconfig/setting.hpp"
#include "submit/submit_types.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace aml::cli {

/// The options that `aml run SCRIPT` still needs to make a run configuration, as help spells them;
/// `bound` says that the folder belongs to a workspace already.
std::vector<std::string> missing_options(const CommandLine& line, bool bound);

/// A run that is to be submitted, and what was set for it.
struct PreparedRun {
    std::vector<runconfig::Setting> settings{};
    submit::SubmitRequest request{};
};

/// What `aml run SCRIPT|CONFIG` is to submit; several runs with `--parallel`, all of them checked.
/// A script without a run configuration gets one: from the options, and from the user for what they
/// leave open. Nothing when the user gave up. Throws: InvalidParams (options are missing and nobody
/// can be asked; names them), NotFound (no such file), Rejected (the configuration or an option is
/// wrong, or no workspace is known), and what the wizard throws.
asio::awaitable<std::vector<PreparedRun>> prepare_run(Invocation& invocation, std::stop_token stop);

/// What `aml run --local SCRIPT|CONFIG` is to run on this computer. Throws: NotFound (no such
/// file), InvalidParams (several runs are asked for), Rejected (the configuration or an option is
/// wrong, or the script has none yet).
asio::awaitable<PreparedRun> prepare_local(Invocation& invocation, std::stop_token stop);

/// What `aml repeat SCRIPT` is to submit: the configuration and workspace of the last run. Throws:
/// NotFound (the script was never run from here, or its configuration is gone), Rejected (the last
/// run was in another Azure, or the configuration is wrong).
asio::awaitable<submit::SubmitRequest> prepare_repeat(Invocation& invocation);

}  // namespace aml::cli
