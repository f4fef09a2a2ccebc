#include "runs/line_time.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace aml::runs {
namespace {

using std::chrono::microseconds;

/// How far from the start of a line its time may be.
constexpr std::size_t farthest_time = 64;

bool is_digit_byte(char letter) {
    return letter >= '0' && letter <= '9';
}

bool is_name_byte(char letter) {
    return is_digit_byte(letter) || (letter >= 'a' && letter <= 'z') ||
           (letter >= 'A' && letter <= 'Z');
}

/// Reads what it is asked for, or fails for good.
class TimeReader final {
public:
    explicit TimeReader(std::string_view text)
        : text_(text) {}

    bool failed() const { return failed_; }

    int number(std::size_t digits) {
        if (text_.size() < digits) failed_ = true;
        int value = 0;
        for (std::size_t i = 0; i < digits && !failed_; ++i) {
            failed_ = !is_digit_byte(text_[i]);
            value = value * 10 + (text_[i] - '0');
        }
        if (!failed_) text_.remove_prefix(digits);
        return failed_ ? 0 : value;
    }

    char one_of(std::string_view letters) {
        const auto letter = next_of(letters);
        if (letter == '\0') failed_ = true;
        return letter;
    }

    /// Zero when none of them comes next.
    char next_of(std::string_view letters) {
        if (failed_ || text_.empty() || letters.find(text_.front()) == std::string_view::npos)
            return '\0';
        const auto letter = text_.front();
        text_.remove_prefix(1);
        return letter;
    }

    /// `HH:MM:SS`, with a fraction or not.
    microseconds time_of_day() {
        const auto hours = number(2);
        one_of(":");
        const auto minutes = number(2);
        one_of(":");
        const auto seconds = number(2);
        // A leap second is the next one.
        if (hours > 23 || minutes > 59 || seconds > 60) failed_ = true;
        const bool has_fraction =
            text_.size() > 1 && (text_[0] == '.' || text_[0] == ',') && is_digit_byte(text_[1]);
        if (has_fraction) text_.remove_prefix(1);
        std::int64_t fraction = 0;
        std::int64_t unit = 1'000'000;
        while (has_fraction && !text_.empty() && is_digit_byte(text_.front())) {
            if (unit > 1) {
                fraction = fraction * 10 + (text_.front() - '0');
                unit /= 10;
            }
            text_.remove_prefix(1);
        }
        return std::chrono::hours(hours) + std::chrono::minutes(minutes) +
               std::chrono::seconds(seconds) + microseconds(fraction * unit);
    }

    /// How far the zone that follows, if any, is ahead of UTC.
    microseconds zone() {
        const auto sign = next_of("+-");
        if (sign == '\0') return {};
        const auto hours = number(2);
        next_of(":");
        const auto minutes = number(2);
        const std::chrono::minutes ahead(hours * 60 + minutes);
        return sign == '+' ? microseconds(ahead) : -microseconds(ahead);
    }

private:
    std::string_view text_;
    bool failed_ = false;
};

std::optional<LineTime> moment(
    const TimeReader& reader, int year, int month, int day, microseconds time) {
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (reader.failed() || !date.ok()) return std::nullopt;
    return LineTime(std::chrono::sys_days(date)) + time;
}

std::optional<LineTime> year_first(std::string_view text) {
    TimeReader reader(text);
    const auto year = reader.number(4);
    const auto separator = reader.one_of("-/");
    const auto month = reader.number(2);
    reader.one_of(std::string_view(&separator, 1));
    const auto day = reader.number(2);
    reader.one_of("T _");
    const auto time = reader.time_of_day();
    if (reader.failed()) return std::nullopt;
    const auto ahead = reader.zone();
    // What follows the time looks like a zone and is none.
    if (reader.failed()) return moment(TimeReader({}), year, month, day, time);
    return moment(reader, year, month, day, time - ahead);
}

std::optional<LineTime> month_first(std::string_view text) {
    TimeReader reader(text);
    const auto month = reader.number(2);
    reader.one_of("/");
    const auto day = reader.number(2);
    reader.one_of("/");
    const auto year = reader.number(4);
    reader.one_of(" ");
    const auto time = reader.time_of_day();
    return moment(reader, year, month, day, time);
}

std::optional<LineTime> after_level(std::string_view text, int year) {
    TimeReader reader(text);
    reader.one_of("IWEFD");
    const auto month = reader.number(2);
    const auto day = reader.number(2);
    reader.one_of(" ");
    const auto time = reader.time_of_day();
    return moment(reader, year, month, day, time);
}

}  // namespace

std::optional<LineTime> time_of_line(std::string_view line, int year) {
    const auto end = std::min(line.size(), farthest_time);
    for (std::size_t at = 0; at < end; ++at) {
        const bool begins = at == 0 || !is_name_byte(line[at - 1]);
        if (!begins) continue;
        const auto rest = line.substr(at);
        auto time = is_digit_byte(rest.front()) ? year_first(rest) : after_level(rest, year);
        if (!time && is_digit_byte(rest.front())) time = month_first(rest);
        if (time) return time;
    }
    return std::nullopt;
}

int year_of(LineTime time) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
    return static_cast<int>(date.year());
}

}  // namespace aml::runs
