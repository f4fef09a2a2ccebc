#pragma once

#include "core/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// Remembers a token or secret that is given out, if the seed asked for it (`"listIssued": 1`),
/// so that a test can look for it where it must not be.
void note_issued(Store& store, std::string_view secret);

/// Everything noted so far, oldest first.
std::vector<std::string> issued(Store& store);

/// Whether the seed asked for it; and asks for it.
bool lists_issued(Store& store);
void list_issued(Store& store);

}  // namespace aml::emulator
