#include "runs/log_part.hpp"

#include "runs/log_files.hpp"
#include "runs/traceback_lines.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace aml::runs {
namespace {

constexpr std::uint64_t read_on_each_side = 256U << 10U;

/// Adds the lines of `bytes`; returns how many.
std::uint64_t append_lines(std::string& text, std::string_view bytes) {
    std::uint64_t count = 0;
    while (!bytes.empty()) {
        const auto end = std::min(bytes.find('\n'), bytes.size());
        text += decode_utf8(shown_line(bytes.substr(0, end)), MoreBytes::None).text;
        text += '\n';
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        ++count;
    }
    return count;
}

}  // namespace

asio::awaitable<LogPart> read_part(
    RunLog& log, std::string path, FoundLine found, RunState state, std::stop_token stop) {
    const auto before = std::min(found.offset, read_on_each_side);
    auto start = found.offset - before;
    const auto size = before + read_on_each_side;
    const auto piece = co_await log.read_piece(path, start, size, state, std::move(stop));
    std::string_view bytes = piece.bytes;
    auto place = std::min<std::size_t>(bytes.size(), before);
    if (start > 0) {
        // From the start of a line.
        const auto skipped = std::min(std::min(bytes.find('\n'), bytes.size() - 1) + 1, place);
        bytes.remove_prefix(skipped);
        place -= skipped;
        start += skipped;
    }
    const auto missing_below =
        piece.total > start + bytes.size() ? piece.total - start - bytes.size() : 0;
    std::string above;
    const auto lines_above = append_lines(above, bytes.substr(0, place));
    LogPart part;
    if (found.number > lines_above + 1) {
        part.text =
            localize("… {} lines before this are not shown.", found.number - lines_above - 1);
        part.text += '\n';
        ++part.line;
    }
    part.line += lines_above;
    part.text += above;
    append_lines(part.text, bytes.substr(place));
    if (missing_below > 0) {
        part.text += localize("… {} after this are not shown.", human_size(missing_below));
        part.text += '\n';
    }
    co_return part;
}

}  // namespace aml::runs
