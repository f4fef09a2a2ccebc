#pragma once

#include "core/json.hpp"
#include "core/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// The nested `{code, innerError}` of Azure ML's errors; `codes` from the outermost to the
/// innermost.
json inner_error(const std::vector<std::string>& codes);

/// The error document of the data plane, which a failed run keeps as its `error` too. `component`
/// is e.g. `run-history`.
json error_response(std::string_view code,
                    std::string_view message,
                    const std::vector<std::string>& inner,
                    std::string_view component,
                    Time time);

}  // namespace aml::emulator
