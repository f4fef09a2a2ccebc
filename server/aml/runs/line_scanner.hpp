#pragma once

#include "runs/line_pattern.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aml::runs {

/// A line of a log that was found.
struct FoundLine {
    /// Counted from 1.
    std::uint64_t number = 0;
    /// Byte offset in the log at which it begins.
    std::uint64_t offset = 0;
    /// As it is shown, without colours; of a very long one the beginning.
    std::string text{};

    bool operator==(const FoundLine&) const = default;
};

/// Finds lines in a log that comes piece by piece; keeps none of it but the line that a piece ends
/// in. Lines are looked at as they are shown: without colours, and of what a carriage return
/// overwrites only the last.
class LineScanner final {
public:
    explicit LineScanner(LinePattern pattern);

    /// What the next bytes of the log hold. A line is found once its end has come.
    std::vector<FoundLine> scan(std::string_view bytes);
    /// The last line, if it has no end.
    std::vector<FoundLine> finish();

private:
    /// Whole lines, the last one with its end unless the log has none.
    void scan_lines(std::string_view lines, std::vector<FoundLine>& found);
    void scan_plain(std::string_view lines, std::vector<FoundLine>& found);
    void scan_styled(std::string_view lines, std::vector<FoundLine>& found);

    LinePattern pattern_;
    /// Of the line that has no end yet.
    std::string rest_;
    /// Where that begins.
    std::uint64_t offset_ = 0;
    std::uint64_t number_ = 1;
};

}  // namespace aml::runs
