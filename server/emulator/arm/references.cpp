#include "arm/references.hpp"

#include "core/text.hpp"

namespace aml::emulator {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// `name:version` or `name@latest` of the workspace.
std::optional<AssetReference> short_reference(Site& site,
                                              const Workspace& workspace,
                                              std::string_view text) {
    const auto versioned = split(text, ':');
    if (versioned.size() == 2) return AssetReference{"environments", versioned[0], versioned[1]};
    const auto labelled = split(text, '@');
    if (labelled.size() != 2 || labelled[1] != "latest") return std::nullopt;
    const auto container = site.context.resources.find(workspace.id, "environments", labelled[0]);
    if (!container) return std::nullopt;
    return AssetReference{"environments",
                          labelled[0],
                          text_at(value_at(container->body, "properties"), "latestVersion")};
}

}  // namespace

std::optional<AssetReference> parse_reference(const Workspace& workspace, std::string_view id) {
    // `azureml:` before an ARM id is how the SDK writes one into a job.
    if (starts_with_text(id, "azureml:/subscriptions/")) id.remove_prefix(8);
    const auto prefix = workspace.arm_id() + "/";
    if (!starts_with_text(id, prefix)) return std::nullopt;
    const auto parts = split(id.substr(prefix.size()), '/');
    if (parts.size() == 2) return AssetReference{parts[0], parts[1], ""};
    if (parts.size() == 4 && same_text(parts[2], "versions"))
        return AssetReference{parts[0], parts[1], parts[3]};
    return std::nullopt;
}

std::optional<Resource> find_environment(Site& site,
                                         const Workspace& workspace,
                                         std::string_view id) {
    AssetReference asset;
    constexpr std::string_view registry = "azureml://registries/azureml/environments/";
    if (const auto known = parse_reference(workspace, id)) {
        asset = *known;
        if (!same_text(asset.collection, "environments")) return std::nullopt;
    } else if (starts_with_text(id, registry)) {
        const auto parts = split(id.substr(registry.size()), '/');
        if (parts.size() != 3 || !same_text(parts[1], "versions")) return std::nullopt;
        asset = {"environments", parts[0], parts[2]};
        // The registry leaves out the prefix that curated environments have in a workspace.
        if (!starts_with_text(asset.name, "AzureML-")) asset.name = "AzureML-" + asset.name;
    } else if (starts_with_text(id, "azureml:")) {
        const auto expanded = short_reference(site, workspace, id.substr(8));
        if (!expanded) return std::nullopt;
        asset = *expanded;
    }
    return site.context.resources.find(
        workspace.id, "environments/versions", asset.name, asset.version);
}

}  // namespace aml::emulator
