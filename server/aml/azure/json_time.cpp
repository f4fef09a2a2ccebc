#include "azure/json_fields.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace aml::azure {
namespace {

using std::chrono::milliseconds;

/// Reads text from the left; every method says whether it could.
class Reader {
public:
    explicit Reader(std::string_view text)
        : text_(text) {}

    bool done() const { return text_.empty(); }

    bool literal(char letter) {
        if (!text_.starts_with(letter)) return false;
        text_.remove_prefix(1);
        return true;
    }

    /// Between `least` and `most` digits.
    std::optional<int> digits(std::size_t least, std::size_t most) {
        const auto end = std::min(text_.find_first_not_of("0123456789"), text_.size());
        if (end < least || end > most) return std::nullopt;
        int value = 0;
        for (std::size_t i = 0; i < end; ++i) value = value * 10 + (text_[i] - '0');
        text_.remove_prefix(end);
        return value;
    }

    /// Digits after a decimal point, as milliseconds; zero when there is no point.
    std::optional<milliseconds> fraction() {
        if (!literal('.') && !literal(',')) return milliseconds(0);
        const auto end = std::min(text_.find_first_not_of("0123456789"), text_.size());
        if (end == 0) return std::nullopt;
        int value = 0;
        for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < end ? text_[i] - '0' : 0);
        text_.remove_prefix(end);
        return milliseconds(value);
    }

    /// The place of a decimal number in front of `unit`, e.g. 1.5 of "1.5H".
    std::optional<double> amount(char unit) {
        const auto end = text_.find_first_not_of("0123456789.");
        if (end == 0 || end == std::string_view::npos || text_[end] != unit || end > 12)
            return std::nullopt;
        const double value = std::stod("0" + std::string(text_.substr(0, end)));
        text_.remove_prefix(end + 1);
        return value;
    }

private:
    std::string_view text_;
};

std::optional<std::chrono::minutes> offset(Reader& reader) {
    if (reader.done() || reader.literal('Z') || reader.literal('z')) return std::chrono::minutes(0);
    const bool west = reader.literal('-');
    if (!west && !reader.literal('+')) return std::nullopt;
    const auto hours = reader.digits(2, 4);
    if (!hours) return std::nullopt;
    auto total = std::chrono::minutes(*hours * 60);
    if (*hours > 99) total = std::chrono::minutes(*hours / 100 * 60 + *hours % 100);
    if (reader.literal(':')) {
        const auto minutes = reader.digits(2, 2);
        if (!minutes) return std::nullopt;
        total += std::chrono::minutes(*minutes);
    }
    return west ? -total : total;
}

std::optional<milliseconds> iso_duration(Reader reader) {
    double seconds = 0;
    bool any = false;
    const auto add = [&](char unit, double factor) {
        const auto value = reader.amount(unit);
        if (!value) return;
        seconds += *value * factor;
        any = true;
    };
    add('W', 7 * 86400);
    add('D', 86400);
    if (reader.literal('T')) {
        add('H', 3600);
        add('M', 60);
        add('S', 1);
    }
    if (!any || !reader.done()) return std::nullopt;
    return milliseconds(std::llround(seconds * 1000));
}

/// `[d.]hh:mm:ss[.fffffff]`.
std::optional<milliseconds> time_span(std::string_view text) {
    int days = 0;
    const auto colon = text.find(':');
    const auto point = text.find('.');
    Reader reader(text);
    if (point < colon) {
        const auto value = reader.digits(1, 6);
        if (!value || !reader.literal('.')) return std::nullopt;
        days = *value;
    }
    const auto hours = reader.digits(1, 2);
    if (!hours || !reader.literal(':')) return std::nullopt;
    const auto minutes = reader.digits(2, 2);
    if (!minutes || !reader.literal(':')) return std::nullopt;
    const auto seconds = reader.digits(2, 2);
    if (!seconds) return std::nullopt;
    const auto rest = reader.fraction();
    if (!rest || !reader.done()) return std::nullopt;
    return std::chrono::hours(days * 24 + *hours) + std::chrono::minutes(*minutes) +
           std::chrono::seconds(*seconds) + *rest;
}

}  // namespace

std::optional<async::Clock::TimePoint> parse_time(std::string_view text) {
    Reader reader(text);
    const auto year = reader.digits(4, 4);
    if (!year || !reader.literal('-')) return std::nullopt;
    const auto month = reader.digits(2, 2);
    if (!month || !reader.literal('-')) return std::nullopt;
    const auto day = reader.digits(2, 2);
    if (!day || !(reader.literal('T') || reader.literal(' ') || reader.literal('t')))
        return std::nullopt;
    const auto hour = reader.digits(2, 2);
    if (!hour || !reader.literal(':')) return std::nullopt;
    const auto minute = reader.digits(2, 2);
    if (!minute || !reader.literal(':')) return std::nullopt;
    const auto second = reader.digits(2, 2);
    if (!second) return std::nullopt;
    const auto rest = reader.fraction();
    if (!rest) return std::nullopt;
    const auto zone = offset(reader);
    if (!zone || !reader.done()) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 24 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second) + *rest - *zone;
}

std::optional<milliseconds> parse_duration(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto value =
        text.starts_with('P') ? iso_duration(Reader(text.substr(1))) : time_span(text);
    if (!value) return std::nullopt;
    return negative ? -*value : *value;
}

std::string format_time(async::Clock::TimePoint time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto rest = std::chrono::duration_cast<milliseconds>(time - whole);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(whole)),
                       rest.count());
}

std::string format_duration(std::chrono::seconds duration) {
    return fmt::format("PT{}S", duration.count());
}

}  // namespace aml::azure
