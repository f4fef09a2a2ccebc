#pragma once

#include "support/localize.hpp"

#include <system_error>

namespace aml {

/// What an error of the system means, as a part of a sentence: "Permission denied".
LocalizedText system_text(const std::error_code& error);

/// The same of an `errno` value.
LocalizedText system_text(int error);

}  // namespace aml
