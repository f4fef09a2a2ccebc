#pragma once

#include "core/context.hpp"

#include <string>
#include <utility>
#include <vector>

namespace aml::emulator {

/// What Azure ML sets in a job's environment, with the addresses of this emulator and a token of
/// its own for the run. `MLFLOW_TRACKING_URI` is an http address, so that MLflow's own client works
/// without a plug-in. Source: `azure/wire.md` section 15.
std::vector<std::pair<std::string, std::string>> job_variables(Context& context,
                                                               const Workspace& workspace,
                                                               const Run& run);

}  // namespace aml::emulator
