#pragma once

#include "support/random.hpp"

#include <string>

namespace aml::submit {

/// A new job name in the manner of the Azure ML SDK, e.g. "brave_fig_k3v9x0q2mz". It is the run's
/// id and unique: the last part alone has 51 random bits.
std::string new_job_name(Random& random);

}  // namespace aml::submit
