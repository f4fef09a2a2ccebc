#pragma once

#include "azure/assets.hpp"
#include "runconfig/job.hpp"

#include <filesystem>
#include <string>

namespace aml::submit {

/// An environment written into a job, as Azure will get it.
struct AnonymousEnvironment {
    azure::EnvironmentSpec spec;
    /// Hex digest of what decides the image: the version's name. The same definition gives the same
    /// version, so that Azure reuses the image it has built.
    std::string version;
};

/// The name under which the official tools put such environments.
inline constexpr auto anonymous_environment_name = "CliV2AnonymousEnvironment";

/// Reads the conda file, if the environment names one, relative to `folder`. A build context is an
/// address by now. Blocking. Throws: as `runconfig::read_text_file` (conda file).
AnonymousEnvironment make_anonymous(const runconfig::InlineEnvironment& environment,
                                    const std::filesystem::path& folder);

}  // namespace aml::submit
