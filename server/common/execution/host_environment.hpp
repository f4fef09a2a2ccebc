#pragma once

#include "platform/environment.hpp"

#include <string>

namespace aml::execution {

/// What a job or a build may see of this program's own environment: where programs are, language,
/// proxies, certificates, caches. Everything else stays out, credentials above all.
platform::Variables host_environment();

/// The folder list that programs are searched in.
std::string host_path();

}  // namespace aml::execution
