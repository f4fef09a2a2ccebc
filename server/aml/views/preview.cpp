#include "views/preview.hpp"

#include "runs/log_files.hpp"
#include "views/images.hpp"

#include <utility>

namespace aml::views {
namespace {

constexpr std::uint64_t largest_text = 1U << 20U;
constexpr std::uint64_t largest_image = 8U << 20U;

}  // namespace

std::uint64_t preview_limit(std::string_view path) {
    return image_type(path).empty() ? largest_text : largest_image;
}

Preview preview_of(std::string_view path, std::string_view start, std::uint64_t size) {
    Preview preview{.size = size, .complete = start.size() >= size};
    const auto type = image_type(path, start);
    if (!type.empty()) {
        // Half a picture is none.
        if (!preview.complete) return preview;
        preview.kind = PreviewKind::Image;
        preview.media_type = type;
        preview.bytes = start;
        return preview;
    }
    const auto more = preview.complete ? runs::MoreBytes::None : runs::MoreBytes::Expected;
    auto decoded = runs::decode_utf8(start, more);
    const bool is_text = decoded.text == start.substr(0, decoded.consumed) &&
                         start.find('\0') == std::string_view::npos;
    if (!is_text) return preview;
    if (preview.complete) preview.charts = charts_in(decoded.text);
    preview.kind = preview.charts.empty() ? PreviewKind::Text : PreviewKind::Chart;
    if (preview.kind == PreviewKind::Chart) return preview;
    preview.bytes = std::move(decoded.text);
    return preview;
}

}  // namespace aml::views
