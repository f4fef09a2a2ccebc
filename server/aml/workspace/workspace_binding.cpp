#include "workspace/workspace_binding.hpp"

#include "state/atomic_file.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/system_text.hpp"
#include "support/unicode.hpp"

#include <nlohmann/json.hpp>

#include <system_error>
#include <utility>

namespace aml::workspace {
namespace {

namespace fs = std::filesystem;

const fs::path relative_file = fs::path(".azureml") / "config.json";

fs::path folder_of(const fs::path& path) {
    std::error_code ignored;
    const auto absolute = fs::absolute(path).lexically_normal();
    return fs::is_directory(absolute, ignored) ? absolute : absolute.parent_path();
}

std::optional<fs::path> nearest_file(const fs::path& path) {
    for (auto folder = folder_of(path);; folder = folder.parent_path()) {
        std::error_code ignored;
        if (fs::is_regular_file(folder / relative_file, ignored)) return folder / relative_file;
        if (folder == folder.parent_path()) return std::nullopt;
    }
}

Error damaged(const fs::path& file, const LocalizedText& reason) {
    return Error(ErrorKind::Rejected,
                 localize("{} does not name a workspace: {}. Correct the file, or delete it and "
                          "choose the workspace again.",
                          file.string(),
                          reason));
}

std::string text_member(const nlohmann::json& json, const char* key, const fs::path& file) {
    const auto found = json.find(key);
    if (found == json.end()) throw damaged(file, localize("“{}” is missing", key));
    if (!found->is_string()) throw damaged(file, localize("“{}” must be a text", key));
    auto text = found->get<std::string>();
    if (text.empty()) throw damaged(file, localize("“{}” is empty", key));
    return text;
}

azure::ResourceId parse(const std::string& bytes, const fs::path& file) {
    const auto text = text_from_bytes(bytes);
    if (!text) throw damaged(file, localize("it is not text"));
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (json.is_discarded()) throw damaged(file, localize("it is not valid JSON"));
    if (!json.is_object()) throw damaged(file, localize("it is not a JSON object"));
    auto subscription = text_member(json, "subscription_id", file);
    auto group = text_member(json, "resource_group", file);
    auto name = text_member(json, "workspace_name", file);
    return azure::ResourceId::workspace(std::move(subscription), std::move(group), std::move(name));
}

// What the file says besides the workspace; a file that cannot be understood is put aside first.
nlohmann::ordered_json other_keys(const fs::path& file) {
    const auto text = state::read_file(file);
    if (!text) return nlohmann::ordered_json::object();
    auto json = nlohmann::ordered_json::parse(text_from_bytes(*text).value_or(""), nullptr, false);
    if (json.is_object()) return json;
    auto aside = file;
    aside += ".damaged";
    std::error_code error;
    fs::rename(file, aside, error);
    if (error) {
        throw Error(
            ErrorKind::Unavailable,
            localize("Could not put the damaged {} aside: {}.", file.string(), system_text(error)));
    }
    return nlohmann::ordered_json::object();
}

}  // namespace

std::optional<WorkspaceBinding> find_workspace_binding(const fs::path& path) {
    const auto file = nearest_file(path);
    if (!file) return std::nullopt;
    const auto text = state::read_file(*file);
    if (!text) return std::nullopt;
    return WorkspaceBinding{.workspace = parse(*text, *file), .file = *file};
}

fs::path workspace_binding_file(const fs::path& path) {
    return nearest_file(path).value_or(folder_of(path) / relative_file);
}

void write_workspace_binding(const fs::path& file, const azure::ResourceId& workspace) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error) {
        throw Error(ErrorKind::Unavailable,
                    localize("Could not make the folder {}: {}.",
                             file.parent_path().string(),
                             system_text(error)));
    }
    auto json = other_keys(file);
    json["subscription_id"] = workspace.subscription();
    json["resource_group"] = workspace.resource_group();
    json["workspace_name"] = workspace.name();
    state::write_atomically(file, json.dump(4) + "\n");
}

}  // namespace aml::workspace
