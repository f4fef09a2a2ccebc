#pragma once

#include "azure/computes.hpp"
#include "cli/terminal.hpp"

#include <nlohmann/json_fwd.hpp>

namespace aml::cli {

/// A compute for programs. With its size, also what a machine costs.
nlohmann::json compute_json(const azure::Compute& compute, const azure::VmSize* size = nullptr);

/// A compute for people, in lines.
void print_compute(Terminal& terminal, const azure::Compute& compute, const azure::VmSize* size);

}  // namespace aml::cli
