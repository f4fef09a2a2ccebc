#pragma once

#include "async/asio.hpp"
#include "runconfig/rest_job.hpp"
#include "runconfig/run_configuration.hpp"
#include "submit/code_registration.hpp"
#include "submit/submit_context.hpp"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace aml::submit {

/// Makes sure that the workspace has a code folder, and gives its id.
using RegisterFolder = std::function<asio::awaitable<RegisteredCode>(std::filesystem::path folder,
                                                                     std::stop_token stop)>;

/// Finds or makes what the steps of a pipeline name: components, which are registered without a
/// name of their own, with their code and environments; computes; data. One that has been
/// registered before costs no call. Throws: as `register_code`, `resolve_environment`,
/// `resolve_compute`, `resolve_inputs`; NotFound (a component).
asio::awaitable<void> resolve_steps(SubmitContext& context,
                                    const runconfig::RunConfiguration& configuration,
                                    RegisterFolder register_folder,
                                    runconfig::ResolvedReferences& resolved,
                                    std::stop_token stop);

}  // namespace aml::submit
