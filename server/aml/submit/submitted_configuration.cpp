#include "submit/submitted_configuration.hpp"

#include "azure/jobs.hpp"
#include "runconfig/from_rest.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::submit {
namespace {

/// "azureml:name" or "azureml:name:version" of what is in the workspace, anything else as it is.
std::string reference_text(const std::string& id, const azure::ResourceId& workspace) {
    const auto parsed = azure::ResourceId::parse(id);
    if (!parsed || parsed->workspace() != workspace) return id;
    const auto version = parsed->name_of("versions");
    if (version.empty()) return "azureml:" + parsed->name();
    return fmt::format("azureml:{}:{}", parsed->name_of("environments"), version);
}

}  // namespace

asio::awaitable<std::string> submitted_configuration(azure::Client& client,
                                                     azure::ResourceId job,
                                                     std::string code,
                                                     std::stop_token stop) {
    const auto workspace = job.workspace();
    auto properties =
        co_await azure::jobs::properties(client, workspace, job.name(), std::move(stop));
    if (!properties) {
        throw Error(ErrorKind::NotFound, localize("There is no run '{}' any more.", job.name()));
    }
    runconfig::SubmittedJob submitted{.properties = std::move(*properties), .name = job.name()};
    const auto& said = submitted.properties;
    submitted.compute = reference_text(text_of(said, "computeId"), workspace);
    submitted.environment = reference_text(text_of(said, "environmentId"), workspace);
    if (!text_of(said, "codeId").empty()) submitted.code = std::move(code);
    co_return runconfig::to_text(submitted);
}

}  // namespace aml::submit
