#pragma once

#include "views/charts.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aml::views {

/// How a file can be shown.
enum class PreviewKind { Text, Image, Chart, Binary };

/// What is shown of a file before it is downloaded.
struct Preview {
    PreviewKind kind = PreviewKind::Binary;
    /// Of the whole file.
    std::uint64_t size = 0;
    /// Whether `bytes` are all of it.
    bool complete = false;
    /// UTF-8 of a text, or a picture; empty for what cannot be shown.
    std::string bytes{};
    /// Of a picture, such as "image/png".
    std::string media_type{};
    /// Of a chart, which may be several.
    std::vector<Chart> charts{};
};

/// How many bytes of a file a preview needs at most: a megabyte of a text, a whole picture.
std::uint64_t preview_limit(std::string_view path);

/// `start` is what the file begins with, up to that limit.
Preview preview_of(std::string_view path, std::string_view start, std::uint64_t size);

}  // namespace aml::views
