#include "compute/storage_uri.hpp"

#include "core/text.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace aml::emulator {

namespace {

// The path after `/{name}/` in whatever case; the segment that follows it is the value.
std::string_view segment_after(std::string_view text, std::string_view name) {
    const auto lower = to_lower(text);
    const auto start = lower.find(fmt::format("/{}/", name));
    if (start == std::string::npos) return {};
    const auto rest = text.substr(start + name.size() + 2);
    return rest.substr(0, rest.find('/'));
}

std::string_view rest_after(std::string_view text, std::string_view part) {
    const auto start = text.find(part);
    return start == std::string_view::npos ? std::string_view() : text.substr(start + part.size());
}

StoragePlace in_datastore(Context& context, const Workspace& workspace, std::string_view uri) {
    const auto name = segment_after(uri, "datastores");
    const auto datastore = context.resources.find(workspace.id, "datastores", name);
    if (!datastore)
        throw Error(ErrorKind::NotFound, fmt::format("The datastore '{}' does not exist.", name));
    const auto properties = datastore->body.value("properties", json::object());
    StoragePlace place{properties.value("accountName", workspace.storage_account),
                       properties.value("containerName", ""),
                       ""};
    // workspaceartifactstore comes without `/paths/`.
    auto path = rest_after(uri, fmt::format("/{}/", name));
    if (path.starts_with("paths/")) path.remove_prefix(6);
    place.path = percent_decode(path);
    return place;
}

std::optional<StoragePlace> in_data(Context& context,
                                    const Workspace& workspace,
                                    std::string_view name,
                                    std::string_view version) {
    const auto data = context.resources.find(workspace.id, "data/versions", name, version);
    if (!data) {
        throw Error(ErrorKind::NotFound,
                    fmt::format("The data asset '{}:{}' does not exist.", name, version));
    }
    const auto uri = data->body.value("/properties/dataUri"_json_pointer, std::string());
    // One step only: a data asset's address is a place, never another asset.
    if (uri.starts_with("azureml:") && !uri.starts_with("azureml://")) return std::nullopt;
    return find_storage(context, workspace, uri);
}

std::optional<StoragePlace> in_blob_service(Context& context, std::string_view uri) {
    auto path = rest_after(uri, "://");
    path = path.substr(std::min(path.find('/'), path.size()));
    path = path.substr(0, path.find('?'));
    if (path.empty()) return std::nullopt;
    path.remove_prefix(1);
    const auto account = path.substr(0, path.find('/'));
    const auto workspaces = context.resources.all_workspaces();
    const bool ours = std::ranges::any_of(workspaces, [&](const Workspace& workspace) {
        return workspace.storage_account == account;
    });
    if (!ours) return std::nullopt;
    path.remove_prefix(std::min(account.size() + 1, path.size()));
    const auto container = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(container.size() + 1, path.size()));
    return StoragePlace{std::string(account), std::string(container), percent_decode(path)};
}

}  // namespace

std::optional<StoragePlace> find_storage(Context& context,
                                         const Workspace& workspace,
                                         std::string_view uri) {
    if (uri.starts_with("azureml://")) {
        if (segment_after(uri, "datastores").empty()) return std::nullopt;
        return in_datastore(context, workspace, uri);
    }
    if (uri.starts_with("azureml:")) {
        uri.remove_prefix(8);
        if (!uri.starts_with("/")) {
            const auto colon = std::min(uri.find(':'), uri.size());
            return in_data(context,
                           workspace,
                           uri.substr(0, colon),
                           uri.substr(std::min(colon + 1, uri.size())));
        }
    }
    if (uri.starts_with("/"))
        return in_data(
            context, workspace, segment_after(uri, "data"), segment_after(uri, "versions"));
    return in_blob_service(context, uri);
}

}  // namespace aml::emulator
