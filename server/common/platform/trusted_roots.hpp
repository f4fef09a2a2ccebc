#pragma once

#include <string>

namespace aml::platform {

/// The certificates that this computer trusts, in PEM form: the bundle of the Linux distribution,
/// the keychains of macOS, the store of Windows. Empty when it has none where they usually are.
/// Blocks.
std::string trusted_roots();

}  // namespace aml::platform
