#include "runs/source_files.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

namespace aml::runs {

namespace {

using std::filesystem::path;

/// The names in a path of whatever system, without `.`; empty for one with `..` in it, which could
/// lead anywhere, and for what is no path (`<string>`).
std::vector<std::string_view> names_in(std::string_view text) {
    std::vector<std::string_view> names;
    if (text.starts_with('<') || text.find('\0') != std::string_view::npos) return names;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("/\\"), text.size());
        const auto name = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (name == "..") return {};
        if (!name.empty() && name != ".") names.push_back(name);
    }
    return names;
}

/// Whether Python or a package has the file: `lib/python3.11/…`, `…/site-packages/…`, and on
/// Windows `Python311\Lib\…`.
bool is_of_python(const std::vector<std::string_view>& names) {
    std::string before;
    for (const auto name : names) {
        const auto lowered = lower(name);
        if (lowered == "site-packages" || lowered == "dist-packages") return true;
        if (before.starts_with("lib") && lowered.starts_with("python")) return true;
        if (before.starts_with("python") && lowered == "lib") return true;
        before = lowered;
    }
    return false;
}

bool is_below(const path& inner, const path& outer) {
    const auto [end, ignored] =
        std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    return end == outer.end();
}

/// A folder as the editor calls it, and where links lead from there.
struct LocalFolder {
    path named{};
    path real{};
};

std::optional<LocalFolder> folder_at(const path& named) {
    std::error_code error;
    LocalFolder folder{.named = named, .real = std::filesystem::canonical(named, error)};
    if (error) return std::nullopt;
    return folder;
}

/// The folders to look in, the nearest to the script first.
std::vector<LocalFolder> folders_of(const SourcePlaces& places) {
    constexpr int most_parents = 3;
    std::vector<LocalFolder> open;
    for (const auto& named : places.folders) {
        if (auto folder = folder_at(named)) open.push_back(std::move(*folder));
    }
    std::vector<LocalFolder> found;
    const path* top = nullptr;
    int parents = 0;
    for (auto named = places.script.parent_path(); named.has_relative_path();
         named = named.parent_path()) {
        auto folder = folder_at(named);
        if (!folder) break;
        for (const auto& other : open) {
            if (parents == 0 && is_below(folder->real, other.real)) top = &other.real;
        }
        const bool is_last = top == nullptr ? parents == most_parents : folder->real == *top;
        found.push_back(std::move(*folder));
        if (is_last) break;
        ++parents;
    }
    std::move(open.begin(), open.end(), std::back_inserter(found));
    return found;
}

/// The file that `relative` names below `folder`, if links do not lead out of there.
std::optional<path> file_below(const LocalFolder& folder, const path& relative) {
    std::error_code error;
    auto named = folder.named / relative;
    const auto real = std::filesystem::canonical(named, error);
    if (error || !is_below(real, folder.real)) return std::nullopt;
    if (!std::filesystem::is_regular_file(real, error)) return std::nullopt;
    return named;
}

}  // namespace

std::optional<path> local_source(std::string_view text, const SourcePlaces& places) {
    /// More would only be asked for by a log that means harm.
    constexpr std::size_t most_names = 64;
    const auto names = names_in(text);
    if (names.empty() || names.size() > most_names || is_of_python(names)) return std::nullopt;
    const auto folders = folders_of(places);
    for (auto first = names.begin(); first != names.end(); ++first) {
        path relative;
        for (auto name = first; name != names.end(); ++name) relative /= *name;
        if (relative.is_absolute() || relative.has_root_name()) continue;
        for (const auto& folder : folders) {
            if (auto file = file_below(folder, relative)) return file;
        }
    }
    return std::nullopt;
}

std::uint32_t line_of(std::string_view text, const SourceLine& frame) {
    std::optional<std::uint32_t> nearest;
    const auto distance = [&frame](std::uint32_t line) {
        return line > frame.line ? line - frame.line : frame.line - line;
    };
    for (std::uint32_t line = 1; !text.empty() && !frame.code.empty(); ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        const bool is_same = trimmed_view(text.substr(0, end)) == frame.code;
        if (is_same && (!nearest || distance(line) < distance(*nearest))) nearest = line;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return nearest.value_or(frame.line);
}

}  // namespace aml::runs
