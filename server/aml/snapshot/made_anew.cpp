#include "snapshot/made_anew.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

namespace aml::snapshot {
namespace {

namespace fs = std::filesystem;

/// Names that tools give to such folders and nobody gives to folders of their own.
constexpr std::array<std::string_view, 10> tool_folders{"node_modules",
                                                        "__pycache__",
                                                        "__pypackages__",
                                                        ".ipynb_checkpoints",
                                                        ".mypy_cache",
                                                        ".pytest_cache",
                                                        ".ruff_cache",
                                                        ".tox",
                                                        ".nox",
                                                        ".eggs"};

/// What only an environment has in it, whatever its name. Source: PEP 405; conda's layout.
constexpr std::array<const char*, 2> environment_marks{"/pyvenv.cfg", "/conda-meta/history"};

constexpr std::size_t most_named = 5;

std::uint64_t bytes_below(const fs::path& folder, const std::stop_token& stop) {
    std::uint64_t bytes = 0;
    std::error_code error;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator entry(folder, options, error), end;
         !error && entry != end;
         entry.increment(error)) {
        if (stop.stop_requested()) throw cancelled();
        std::error_code unknown;
        if (!entry->is_regular_file(unknown) || entry->is_symlink(unknown)) continue;
        const auto size = entry->file_size(unknown);
        if (!unknown) bytes += size;
    }
    return bytes;
}

}  // namespace

bool is_made_anew(const platform::Folder& parent, const std::string& name) {
    if (std::find(tool_folders.begin(), tool_folders.end(), name) != tool_folders.end())
        return true;
    return std::any_of(environment_marks.begin(), environment_marks.end(), [&](const char* mark) {
        std::error_code missing;
        parent.status(name + mark, missing);
        return !missing;
    });
}

void MadeAnew::add(std::string path, const fs::path& place, const std::stop_token& stop) {
    const auto bytes = bytes_below(place, stop);
    folders_.push_back({std::move(path), bytes});
}

std::optional<std::string> MadeAnew::note(const std::string& ignore_file) const {
    if (folders_.empty()) return std::nullopt;
    auto largest = folders_;
    std::stable_sort(largest.begin(), largest.end(), [](const auto& left, const auto& right) {
        return left.bytes > right.bytes;
    });
    const auto example = largest.front().path;
    const auto unnamed = largest.size() - std::min(largest.size(), most_named);
    largest.resize(largest.size() - unnamed);
    std::vector<std::string> named;
    for (const auto& [path, bytes] : largest)
        named.push_back(fmt::format("{} ({})", path, human_size(bytes)));
    if (unnamed > 0) named.push_back(localize("{} more", unnamed));
    return localize(
        "Left out, since it is made anew where it is needed: {}. To send it all the same, write "
        "“!{}/” in {}.",
        fmt::join(named, ", "),
        example,
        ignore_file);
}

}  // namespace aml::snapshot
