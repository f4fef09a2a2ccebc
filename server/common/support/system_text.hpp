#pragma once

#include "support/localize.hpp"

namespace aml {

/// What an `errno` value means, as a part of a sentence: "Permission denied".
LocalizedText system_text(int error);

}  // namespace aml
