#include "arm/assets.hpp"
#include "arm/conda.hpp"
#include "core/artifact_uri.hpp"
#include "core/text.hpp"
#include "support/error.hpp"
#include "web/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aml::emulator {
namespace {

/// What makes a version what it is may not change under its users.
void keep(const Request& request,
          const json& properties,
          const json& previous,
          const char* key,
          std::string_view message) {
    if (previous.is_object() && value_at(properties, key) != value_at(previous, key))
        throw bad_argument(request, message);
}

/// Images are built from blobs and from Git repositories, and from nothing else.
bool is_build_address(std::string_view uri) {
    constexpr std::array<std::string_view, 5> starts{
        "https://", "http://", "git://", "git@", "ssh://"};
    return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) {
        return starts_with_text(uri, start);
    });
}

/// What an environment is made of, the conda file in the form in which it is echoed. Throws:
/// Refused (400).
json check_definition(const Request& request, json properties) {
    const auto image = text_at(properties, "image");
    const auto build = value_at(properties, "build");
    if (image.empty() == build.is_null())
        throw bad_argument(request,
                           "An environment needs either 'image' or 'build', and not both.");
    if (!build.is_null()) {
        const auto context = text_at(build, "contextUri");
        if (context.empty()) throw bad_argument(request, "'build' needs a 'contextUri'.");
        if (!is_build_address(context)) {
            throw bad_argument(
                request,
                fmt::format("The build context '{}' is neither a blob's address nor that of a Git "
                            "repository.",
                            context));
        }
    }
    const auto conda = text_at(properties, "condaFile");
    if (!conda.empty()) {
        if (image.empty()) throw bad_argument(request, "'condaFile' needs an 'image'.");
        try {
            properties["condaFile"] = conda_as_json(conda);
        } catch (const Error& error) {
            throw bad_argument(request, error.message());
        }
    }
    return properties;
}

json with_environment_defaults(const json& properties) {
    json result{{"description", nullptr},
                {"tags", json::object()},
                {"properties", json::object()},
                {"environmentType", "UserCreated"},
                {"image", nullptr},
                {"condaFile", nullptr},
                {"build", nullptr},
                {"inferenceConfig", nullptr},
                {"osType", "Linux"},
                {"autoRebuild", "Disabled"},
                {"stage", nullptr}};
    for (const auto* key : {"description",
                            "tags",
                            "properties",
                            "image",
                            "condaFile",
                            "build",
                            "inferenceConfig",
                            "osType",
                            "autoRebuild",
                            "stage",
                            "isArchived",
                            "isAnonymous"}) {
        if (!value_at(properties, key).is_null()) result[key] = properties[key];
    }
    return result;
}

json complete_environment(const Request& request, json properties, const json& previous) {
    properties = check_definition(request, std::move(properties));
    if (previous.is_object()) {
        if (text_at(previous, "environmentType") == "Curated")
            throw bad_argument(request, "Curated environments are read-only.");
        for (const auto* key : {"image", "condaFile", "build"}) {
            // 409 and not 400: it is how clients learn that they need the next version.
            if (value_at(properties, key) != value_at(previous, key))
                throw ml_error(request,
                               409,
                               "UserError",
                               fmt::format("'{}' of an existing environment version cannot be "
                                           "changed. Use a new version.",
                                           key),
                               {"Conflict"});
        }
    } else if (starts_with_text(request.param("name"), "AzureML-")) {
        throw bad_argument(
            request,
            "Environment names that start with 'AzureML-' are reserved for curated environments.");
    }
    return with_environment_defaults(properties);
}

json complete_code(const Request& request, json properties, const json& previous) {
    if (text_at(properties, "codeUri").empty())
        throw bad_argument(request, "'codeUri' is required.");
    keep(request, properties, previous, "codeUri", "Asset paths cannot be updated.");
    return properties;
}

json complete_data(const Request& request, json properties, const json& previous) {
    constexpr std::array<std::string_view, 3> types{"uri_file", "uri_folder", "mltable"};
    const auto type = text_at(properties, "dataType");
    if (std::none_of(types.begin(), types.end(), [&](std::string_view known) {
            return same_text(known, type);
        })) {
        throw bad_argument(request,
                           fmt::format("'dataType' must be one of {}.", fmt::join(types, ", ")));
    }
    if (text_at(properties, "dataUri").empty())
        throw bad_argument(request, "'dataUri' is required.");
    keep(request, properties, previous, "dataUri", "Asset paths cannot be updated.");
    return properties;
}

json complete_model(const Request& request, json properties, const json& previous) {
    if (text_at(properties, "modelUri").empty())
        throw bad_argument(request, "'modelUri' is required.");
    keep(request, properties, previous, "modelUri", "Asset paths cannot be updated.");
    if (text_at(properties, "modelType").empty()) properties["modelType"] = "custom_model";
    for (const auto* key : {"jobName", "stage"}) {
        if (!properties.contains(key)) properties[key] = nullptr;
    }
    // Never null in Azure; Microsoft's Python client relies on it.
    if (!value_at(properties, "flavors").is_object()) properties["flavors"] = json::object();
    return properties;
}

/// What a job left is kept under its place in the datastore of the runs' files.
void settle_model(Site& site,
                  const Workspace& workspace,
                  const Request& request,
                  json& properties) {
    constexpr std::string_view jobs = "azureml://jobs/";
    constexpr std::string_view artifacts = "/outputs/artifacts/";
    const auto uri = text_at(properties, "modelUri");
    const auto mark = uri.find(artifacts);
    if (!uri.starts_with(jobs) || mark == std::string::npos) return;
    const auto name = uri.substr(jobs.size(), mark - jobs.size());
    auto path = uri.substr(mark + artifacts.size());
    if (path.starts_with("paths/")) path.erase(0, 6);
    const auto run = site.context.runs.find(workspace.id, name);
    if (!run)
        throw bad_argument(request, fmt::format("The job '{}' of '{}' was not found.", name, uri));
    properties["modelUri"] = run_artifact_uri(workspace, run->id, path);
}

json complete_component(const Request& request, json properties, const json& previous) {
    if (!value_at(properties, "componentSpec").is_object())
        throw bad_argument(request, "'componentSpec' is required.");
    // Its version is the hash of what it does: what else differs, such as where it was written, is
    // not news.
    if (value_at(previous, "isAnonymous") == true)
        properties["componentSpec"] = previous["componentSpec"];
    keep(
        request,
        properties,
        previous,
        "componentSpec",
        "The specification of an existing component version cannot be changed. Use a new version.");
    return properties;
}

}  // namespace

std::vector<AssetKind> asset_kinds() {
    return {{"environments", complete_environment, true},
            {"codes", complete_code, false},
            {"data", complete_data, false},
            {"models", complete_model, false, settle_model},
            {"components", complete_component, false}};
}

}  // namespace aml::emulator
