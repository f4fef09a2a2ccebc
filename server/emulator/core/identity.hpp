#pragma once

#include "core/context.hpp"

namespace aml::emulator {

/// Reads the ids of the state, making them the first time. Throws: like Store::execute.
Identity load_identity(Store& store, Random& random);

}  // namespace aml::emulator
