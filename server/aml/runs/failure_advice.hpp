#pragma once

#include "azure/run_history.hpp"
#include "runs/traceback.hpp"

#include <string>
#include <string_view>

namespace aml::runs {

/// What to do about a run that failed with `exception` (empty: none is known) and with what Azure
/// says, `error`, and whose log ends with `log`. Empty when nothing is known.
std::string advice_about(const PythonException& exception,
                         const azure::RunError& error,
                         std::string_view log);

}  // namespace aml::runs
