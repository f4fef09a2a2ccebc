#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aml::emulator {

/// `NAME=value` of the emulator's own environment that a job or a build may see: where programs
/// are, language, proxies, certificates, caches. Everything else stays out, credentials above all.
std::vector<std::string> host_environment();

/// The folder list that programs are searched in.
std::string host_path();

}  // namespace aml::emulator
