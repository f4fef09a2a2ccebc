#include "views/images.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

namespace aml::views {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> image_types{{
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".bmp", "image/bmp"},
    {".svg", "image/svg+xml"},
    {".ico", "image/x-icon"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> signatures{{
    {"\x89PNG", "image/png"},
    {"\xFF\xD8\xFF", "image/jpeg"},
    {"GIF8", "image/gif"},
    {"BM", "image/bmp"},
}};

struct Logged {
    std::string key{};
    std::int64_t step = 0;
};

/// Where in `name` a word stands between two signs that are alike.
struct Mark {
    std::size_t begin = 0;
    std::size_t end = 0;
    char sign = '%';
};

std::optional<Mark> mark_in(std::string_view name, std::string_view word) {
    for (const char sign : {'%', '+'}) {
        const auto marked = sign + std::string(word) + sign;
        const auto at = name.find(marked);
        if (at != std::string_view::npos) return Mark{at, at + marked.size(), sign};
    }
    return std::nullopt;
}

/// What the name of a file says that `log_image` wrote with a key.
std::optional<Logged> logged_image(std::string_view path) {
    constexpr std::string_view folder = "images/";
    if (!path.starts_with(folder)) return std::nullopt;
    const auto name = path.substr(folder.size());
    const auto mark = mark_in(name, "step");
    if (!mark || mark->begin == 0) return std::nullopt;
    Logged logged;
    logged.key = name.substr(0, mark->begin);
    // Neither can be in a key.
    std::ranges::replace(logged.key, '#', '/');
    std::ranges::replace(logged.key, '~', '/');
    const auto rest = name.substr(mark->end);
    const auto* const last = rest.data() + rest.size();
    const auto [end, problem] = std::from_chars(rest.data(), last, logged.step);
    if (problem != std::errc() || end == last || *end != mark->sign) return std::nullopt;
    return logged;
}

bool is_small_copy(std::string_view path) {
    return path.find("%compressed.") != std::string_view::npos ||
           path.find("+compressed.") != std::string_view::npos;
}

}  // namespace

std::string_view image_type(std::string_view path) {
    const auto name = lower(path);
    const auto* const found = std::ranges::find_if(
        image_types, [&name](const auto& known) { return name.ends_with(known.first); });
    return found == image_types.end() ? std::string_view() : found->second;
}

std::string_view image_type(std::string_view path, std::string_view content) {
    const auto* const found = std::ranges::find_if(
        signatures, [content](const auto& known) { return content.starts_with(known.first); });
    if (found != signatures.end()) return found->second;
    if (content.starts_with("RIFF") && content.substr(0, 12).ends_with("WEBP")) return "image/webp";
    const auto by_name = image_type(path);
    return by_name == "image/svg+xml" || by_name == "image/x-icon" ? by_name : std::string_view();
}

std::vector<Image> images_among(const std::vector<std::string>& files) {
    std::map<std::string, std::vector<ImageStep>> by_name;
    for (const auto& path : files) {
        if (image_type(path).empty() || is_small_copy(path)) continue;
        const auto logged = logged_image(path);
        if (logged) {
            by_name[logged->key].push_back({logged->step, path});
        } else {
            by_name[path].push_back({{}, path});
        }
    }
    std::vector<Image> images;
    for (auto& [name, steps] : by_name) {
        std::ranges::stable_sort(steps, {}, &ImageStep::step);
        images.push_back({name, std::move(steps)});
    }
    return images;
}

}  // namespace aml::views
