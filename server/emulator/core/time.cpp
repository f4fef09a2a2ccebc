#include "core/time.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>

namespace aml::emulator {
namespace {

std::tm calendar(Time time) {
    // Not by the C library: that of Windows has no time before 1970. Floor, so that such times and
    // fractions stay apart.
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(seconds - day);
    std::tm parts{};
    parts.tm_year = static_cast<int>(date.year()) - 1900;
    parts.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    parts.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
    parts.tm_hour = static_cast<int>(clock.hours().count());
    parts.tm_min = static_cast<int>(clock.minutes().count());
    parts.tm_sec = static_cast<int>(clock.seconds().count());
    parts.tm_wday = static_cast<int>(std::chrono::weekday(day).c_encoding());
    parts.tm_yday = static_cast<int>((day - std::chrono::sys_days(date.year() / 1 / 1)).count());
    return parts;
}

/// Reads exactly `digits` digits off the front of `text`.
// A time counts nanoseconds in 64 bits, which last from 1677 to 2262.
constexpr int first_year = 1700;
constexpr int last_year = 2250;
constexpr std::int64_t farthest_millis = 8'000'000'000'000;
constexpr std::chrono::hours longest_duration{24 * 366 * 100};

std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    int value = 0;
    if (text.size() < digits) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
    if (error != std::errc() || end != text.data() + digits || value < 0) return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::microseconds> take_fraction(std::string_view& text) {
    if (!take(text, ".,")) return std::chrono::microseconds(0);
    std::int64_t micros = 0;
    std::int64_t scale = 100'000;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        micros += (text[digits] - '0') * scale;
        scale /= 10;
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    return std::chrono::microseconds(micros);
}

std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
    if (text.empty() || take(text, "Zz")) return std::chrono::minutes(0);
    const bool minus = text.front() == '-';
    if (!take(text, "+-")) return std::nullopt;
    const auto hours = take_number(text, 2);
    take(text, ":");
    const auto minutes = text.empty() ? std::optional(0) : take_number(text, 2);
    if (!hours || !minutes) return std::nullopt;
    const std::chrono::minutes offset(*hours * 60 + *minutes);
    return minus ? -offset : offset;
}

std::optional<std::chrono::seconds> take_clock(std::string_view& text) {
    const auto hour = take_number(text, 2);
    if (!hour || !take(text, ":")) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute) return std::nullopt;
    std::optional<int> second = 0;
    if (take(text, ":")) second = take_number(text, 2);
    if (!second || *hour > 24 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::seconds(*hour * 3600 + *minute * 60 + *second);
}

}  // namespace

std::int64_t to_millis(Time time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

Time from_millis(std::int64_t millis) {
    return Time(std::chrono::milliseconds(std::clamp(millis, -farthest_millis, farthest_millis)));
}

std::string iso_time(Time time) {
    using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
    const auto fraction = time - std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:07}+00:00",
                       calendar(time),
                       std::chrono::duration_cast<Ticks>(fraction).count());
}

std::string iso_seconds(Time time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", calendar(time));
}

std::string http_time(Time time) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", calendar(time));
}

std::optional<Time> parse_iso_time(std::string_view text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok() || *year < first_year || *year > last_year) return std::nullopt;
    Time time{std::chrono::sys_days(date)};
    if (text.empty()) return time;
    if (!take(text, "Tt ")) return std::nullopt;
    const auto clock = take_clock(text);
    if (!clock) return std::nullopt;
    const auto fraction = take_fraction(text);
    const auto zone = fraction ? take_zone(text) : std::nullopt;
    if (!zone || !text.empty()) return std::nullopt;
    return time + *clock + *fraction - *zone;
}

std::optional<std::chrono::seconds> parse_iso_duration(std::string_view text) {
    if (!take(text, "P") || text.empty()) return std::nullopt;
    std::chrono::seconds total(0);
    bool in_time = false;
    while (!text.empty()) {
        if (!in_time && take(text, "T")) {
            in_time = true;
            if (text.empty()) return std::nullopt;
        }
        std::int64_t count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc() || count < 0 || count > 100'000'000) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (!in_time && take(text, "D")) {
            // Not in hours, of which Windows counts no more than 32 bits hold.
            total += std::chrono::seconds(count * 86'400);
        } else if (!in_time && take(text, "W")) {
            total += std::chrono::seconds(count * 7 * 86'400);
        } else if (in_time && take(text, "H")) {
            total += std::chrono::hours(count);
        } else if (in_time && take(text, "M")) {
            total += std::chrono::minutes(count);
        } else if (in_time && take(text, "S")) {
            total += std::chrono::seconds(count);
        } else {
            return std::nullopt;
        }
        if (total > longest_duration) return std::nullopt;
    }
    return total;
}

}  // namespace aml::emulator
