#include "features/file_question.hpp"

#include "async/run_blocking.hpp"
#include "features/uri.hpp"
#include "runconfig/run_configuration.hpp"
#include "support/error.hpp"
#include "support/localize.hpp"
#include "tree/tree_node.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::features {
namespace {

namespace fs = std::filesystem;

/// More than anybody scrolls through.
constexpr std::size_t most_files = 1000;
constexpr std::size_t most_visited = 100'000;

bool holds_no_code(const fs::path& folder) {
    constexpr std::array<std::string_view, 4> names{
        "node_modules", "site-packages", "venv", "__pycache__"};
    const auto name = folder.filename().string();
    return name.starts_with('.') || std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether a file is of a kind; reads what its name does not tell.
bool is_of_kind(const fs::path& file, FileKind kind) {
    const bool is_script = file.extension() == ".py";
    switch (kind) {
        case FileKind::RunConfiguration:
            return runconfig::is_run_configuration_file(file);
        case FileKind::Sweepable:
            return is_script || runconfig::is_run_configuration_file(file);
        case FileKind::Script:
        case FileKind::RepeatableScript:
            break;
    }
    return is_script;
}

void collect(const fs::path& folder, FileKind kind, std::vector<fs::path>& found) {
    std::error_code error;
    fs::recursive_directory_iterator entry(
        folder, fs::directory_options::skip_permission_denied, error);
    std::size_t visited = 0;
    for (const fs::recursive_directory_iterator end; !error && entry != end;
         entry.increment(error)) {
        if (found.size() == most_files || ++visited == most_visited) return;
        std::error_code ignored;
        if (entry->is_directory(ignored)) {
            if (holds_no_code(entry->path())) entry.disable_recursion_pending();
        } else if (is_of_kind(entry->path(), kind)) {
            found.push_back(entry->path());
        }
    }
}

struct Words {
    LocalizedText title;
    LocalizedText none;
};

Words words_of(FileKind kind) {
    switch (kind) {
        case FileKind::Script:
            return {localize("Choose the script to run"),
                    localize("There is no Python script here. Open the folder of your training "
                             "script first.")};
        case FileKind::RepeatableScript:
            return {localize("Choose the script whose last run is repeated"),
                    localize("Nothing was run in Azure from this folder yet.")};
        case FileKind::Sweepable:
            return {localize("Choose the script or run configuration to sweep"),
                    localize("There is no Python script here. Open the folder of your training "
                             "script first.")};
        case FileKind::RunConfiguration:
            break;
    }
    return {localize("Choose the run configuration to submit"),
            localize("There is no run configuration here. Run a script as an experiment first.")};
}

// The path as the user sees it: below the open folder, with the folder's name when there are
// several.
std::string shown_path(const fs::path& file, const std::vector<fs::path>& folders) {
    for (const auto& folder : folders) {
        const auto relative = file.lexically_relative(folder);
        if (relative.empty() || *relative.begin() == "..") continue;
        return (folders.size() > 1 ? folder.filename() / relative : relative).string();
    }
    return file.string();
}

asio::awaitable<std::optional<std::string>> given_file(const CommandCall& call,
                                                       FileKind kind,
                                                       Services& services) {
    auto used_on = call.optional_text();
    const bool is_row = used_on && tree::parse_address(*used_on);
    if (used_on && !is_row) co_return used_on;
    auto in_front = call.optional_text(1);
    if (!in_front || !in_front->starts_with("file:")) co_return std::nullopt;
    auto looking = [file = path_of_uri(*in_front), kind] { return is_of_kind(file, kind); };
    const bool fits = co_await async::run_blocking(services.pool, std::move(looking));
    co_return fits ? in_front : std::nullopt;
}

asio::awaitable<std::vector<fs::path>> find_files(FileKind kind, Services& services) {
    if (kind == FileKind::RepeatableScript) {
        auto scripts = co_await services.state().repeatable_scripts();
        std::erase_if(scripts, [&](const fs::path& script) {
            return fs::path(shown_path(script, services.folders)).is_absolute();
        });
        co_return scripts;
    }
    auto looking = [folders = services.folders, kind] {
        std::vector<fs::path> found;
        for (const auto& folder : folders) collect(folder, kind, found);
        return found;
    };
    auto found = co_await async::run_blocking(services.pool, std::move(looking));
    co_return found;
}

}  // namespace

asio::awaitable<std::optional<std::string>> file_of(const CommandCall& call,
                                                    FileKind kind,
                                                    Services& services,
                                                    UiFeature& ui) {
    auto given = co_await given_file(call, kind, services);
    if (given) co_return given;
    const auto words = words_of(kind);
    const auto files = co_await find_files(kind, services);
    if (files.empty()) throw Error(ErrorKind::Rejected, words.none);
    ui::PickQuestion question{.title = words.title};
    for (const auto& file : files) {
        ui::PickItem item{.id = uri_of_path(file), .label = shown_path(file, services.folders)};
        item.icon = file.extension() == ".py" ? "file-code" : "json";
        question.items.push_back(std::move(item));
    }
    std::sort(question.items.begin(),
              question.items.end(),
              [](const auto& left, const auto& right) { return left.label < right.label; });
    const auto answer = co_await ui.pick(std::move(question), call.stop());
    const auto* picked = std::get_if<ui::Picked>(&answer);
    if (picked == nullptr) co_return std::nullopt;
    co_return picked->ids.front();
}

}  // namespace aml::features
