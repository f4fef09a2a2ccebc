#include "domain/inline_environment.hpp"

#include "snapshot/sha256.hpp"
#include "state/atomic_file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"

namespace aml::domain {
namespace {

constexpr std::size_t version_length = 32;

std::string conda_text(const runconfig::InlineEnvironment& environment,
                       const std::filesystem::path& folder) {
    if (environment.conda) return environment.conda->dump(2);
    if (!environment.conda_path) return {};
    const auto file = (folder / *environment.conda_path).lexically_normal();
    auto text = state::read_file(file);
    if (!text) {
        throw Error(ErrorKind::NotFound,
                    localize("The conda file {} does not exist. Correct environment.conda_file.",
                             file.string()));
    }
    return std::move(*text);
}

}  // namespace

AnonymousEnvironment make_anonymous(const runconfig::InlineEnvironment& environment,
                                    const std::filesystem::path& folder) {
    if (environment.build) {
        throw Error(
            ErrorKind::Rejected,
            localize("This environment is built from a Docker folder, which cannot be submitted "
                     "from here yet. Build "
                     "and push the image, and name it as environment.image; or register the "
                     "environment with the "
                     "Azure CLI and name it as azureml:<name>:<version>."));
    }
    AnonymousEnvironment result;
    result.spec.image = environment.image.value_or("");
    result.spec.conda_file = conda_text(environment, folder);
    result.spec.description = environment.description.value_or("");
    result.spec.anonymous = true;
    result.spec.tags = environment.tags;
    snapshot::Sha256 hash;
    for (const auto& part :
         {result.spec.image, result.spec.conda_file, environment.os_type.value_or("linux")}) {
        hash.update(part.size());
        hash.update(":" + part);
    }
    result.version = hash.finish().substr(0, version_length);
    return result;
}

}  // namespace aml::domain
