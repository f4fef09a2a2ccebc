#include "runs/line_scanner.hpp"

#include "runs/log_files.hpp"
#include "runs/traceback_lines.hpp"

#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

namespace aml::runs {
namespace {

/// A line without an end is looked at in parts of this size, all of which have its number.
constexpr std::size_t longest_line = 1U << 20U;
/// Of a line that is shown.
constexpr std::size_t longest_found_text = 2'000;

/// Eight bytes at a time.
std::uint64_t count_line_ends(std::string_view bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t low_bits = 0x7F7F7F7F7F7F7F7F;
    std::uint64_t count = 0;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        word ^= ones * '\n';
        // The highest bit of each byte that is zero, and of no other.
        const auto zeros = ~(((word & low_bits) + low_bits) | word | low_bits);
        count += static_cast<std::uint64_t>(std::popcount(zeros));
    }
    for (; at < bytes.size(); ++at) count += bytes[at] == '\n' ? 1U : 0U;
    return count;
}

std::string text_of_line(std::string_view line) {
    auto text = decode_utf8(line, MoreBytes::None).text;
    if (text.size() <= longest_found_text) return text;
    auto cut =
        decode_utf8(std::string_view(text).substr(0, longest_found_text), MoreBytes::Expected);
    return std::move(cut.text) + "…";
}

}  // namespace

LineScanner::LineScanner(LinePattern pattern)
    : pattern_(std::move(pattern)) {}

std::vector<FoundLine> LineScanner::scan(std::string_view bytes) {
    std::vector<FoundLine> found;
    if (!rest_.empty()) {
        const auto end = bytes.find('\n');
        const auto used = end == std::string_view::npos ? bytes.size() : end + 1;
        rest_ += bytes.substr(0, used);
        bytes.remove_prefix(used);
        if (end == std::string_view::npos && rest_.size() < longest_line) return found;
        scan_lines(std::exchange(rest_, std::string()), found);
    }
    const auto end = bytes.rfind('\n');
    const auto whole = end == std::string_view::npos ? 0 : end + 1;
    scan_lines(bytes.substr(0, whole), found);
    rest_ += bytes.substr(whole);
    if (rest_.size() >= longest_line) scan_lines(std::exchange(rest_, std::string()), found);
    return found;
}

std::vector<FoundLine> LineScanner::finish() {
    std::vector<FoundLine> found;
    scan_lines(std::exchange(rest_, std::string()), found);
    return found;
}

void LineScanner::scan_lines(std::string_view lines, std::vector<FoundLine>& found) {
    const bool is_styled =
        lines.find('\x1B') != std::string_view::npos || lines.find('\r') != std::string_view::npos;
    if (is_styled) {
        scan_styled(lines, found);
    } else {
        scan_plain(lines, found);
    }
}

void LineScanner::scan_plain(std::string_view lines, std::vector<FoundLine>& found) {
    std::size_t counted = 0;
    std::size_t from = 0;
    while (from < lines.size()) {
        const auto place = pattern_.candidate(lines, from);
        if (place >= lines.size()) break;
        const auto before = lines.substr(0, place).rfind('\n');
        const auto start = before == std::string_view::npos ? 0 : before + 1;
        const auto end = std::min(lines.find('\n', place), lines.size());
        const auto line = lines.substr(start, end - start);
        if (pattern_.matches(line)) {
            number_ += count_line_ends(lines.substr(counted, start - counted));
            counted = start;
            found.push_back({number_, offset_ + start, text_of_line(line)});
        }
        from = end + 1;
    }
    number_ += count_line_ends(lines.substr(counted));
    offset_ += lines.size();
}

void LineScanner::scan_styled(std::string_view lines, std::vector<FoundLine>& found) {
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        const auto line = shown_line(lines.substr(0, end));
        if (pattern_.matches(line)) found.push_back({number_, offset_, text_of_line(line)});
        const bool has_end = end < lines.size();
        const auto used = has_end ? end + 1 : end;
        lines.remove_prefix(used);
        offset_ += used;
        number_ += has_end ? 1U : 0U;
    }
}

}  // namespace aml::runs
