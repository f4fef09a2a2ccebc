#include "submit/inline_environment.hpp"

#include "runconfig/text_file.hpp"
#include "snapshot/digest.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace aml::submit {
namespace {

constexpr std::size_t version_length = 32;

std::string conda_text(const runconfig::InlineEnvironment& environment,
                       const std::filesystem::path& folder) {
    if (environment.conda) return environment.conda->dump(2);
    if (!environment.conda_path) return {};
    const auto file = (folder / *environment.conda_path).lexically_normal();
    try {
        return runconfig::read_text_file(file);
    } catch (const Error& error) {
        throw error.with_context("environment.conda_file");
    }
}

void put_build_context(const runconfig::BuildContext& build, azure::EnvironmentSpec& spec) {
    spec.build_context = build.path;
    spec.dockerfile_path = build.dockerfile_path.value_or("");
}

/// Hex digest of what decides the image.
std::string digest(const azure::EnvironmentSpec& spec) {
    snapshot::Digest hash(snapshot::Digest::Algorithm::Sha256);
    const auto add = [&](const std::string& part) {
        hash.update(part.size());
        hash.update(":" + part);
    };
    add(spec.image);
    add(spec.conda_file);
    add(lower(spec.os_type));
    // Only when there is one, so that what an earlier version has registered is found again.
    if (!spec.build_context.empty()) {
        add(spec.build_context);
        add(spec.dockerfile_path);
    }
    if (!spec.inference_config.is_null()) add(spec.inference_config.dump());
    return hash.finish().substr(0, version_length);
}

}  // namespace

AnonymousEnvironment make_anonymous(const runconfig::InlineEnvironment& environment,
                                    const std::filesystem::path& folder) {
    AnonymousEnvironment result;
    result.spec.image = environment.image;
    result.spec.conda_file = conda_text(environment, folder);
    result.spec.description = environment.description;
    result.spec.anonymous = true;
    result.spec.tags = environment.tags;
    result.spec.os_type = environment.os_type;
    result.spec.inference_config = environment.inference_config;
    if (environment.build) put_build_context(*environment.build, result.spec);
    result.version = digest(result.spec);
    return result;
}

}  // namespace aml::submit
