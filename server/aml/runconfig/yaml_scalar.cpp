#include "runconfig/yaml_scalar.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>

namespace aml::runconfig {

namespace {

template <std::size_t Size>
bool is_one_of(std::string_view text, const std::array<std::string_view, Size>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 5> null_words{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 9> true_words{
    "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"};
constexpr std::array<std::string_view, 9> false_words{
    "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"};

std::string_view without_sign(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return text;
}

bool only(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

constexpr std::string_view digits = "0123456789";
constexpr std::string_view digits_and_gaps = "0123456789_";

bool begins_with_digit(std::string_view text) {
    return !text.empty() && digits.find(text.front()) != std::string_view::npos;
}

std::string without_gaps(std::string_view text) {
    std::string result(text);
    std::erase(result, '_');
    return result;
}

/// Decimal digits of what `text` says in `base`; nothing when that is too large, or no digits.
std::optional<std::string> integer_in_base(std::string_view text, int base, bool negative) {
    const auto plain = without_gaps(text);
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(plain.data(), plain.data() + plain.size(), value, base);
    if (error != std::errc() || end != plain.data() + plain.size()) return std::nullopt;
    return fmt::format("{}{}", negative && value != 0 ? "-" : "", value);
}

/// `1:30:00` and the like, which count by sixties: the parts behind the first are below sixty.
bool counts_by_sixties(std::string_view text) {
    auto colon = text.find(':');
    if (colon == std::string_view::npos || !begins_with_digit(text)) return false;
    if (!only(text.substr(0, colon), digits_and_gaps)) return false;
    while (colon != std::string_view::npos) {
        const auto next = text.find(':', colon + 1);
        const auto part = text.substr(colon + 1, next - colon - 1);
        const bool fits = !part.empty() && part.size() <= 2 && only(part, digits) &&
                          (part.size() == 1 || part.front() < '6');
        if (!fits) return false;
        colon = next;
    }
    return true;
}

/// Digits and colons as the number that they count.
double by_sixties(std::string_view text) {
    double value = 0;
    while (!text.empty()) {
        const auto colon = text.find(':');
        value = value * 60 + std::strtod(without_gaps(text.substr(0, colon)).c_str(), nullptr);
        text = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    }
    return value;
}

/// As Python's `repr` writes it.
std::string float_text(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    auto text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

std::optional<YamlScalar> read_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    const auto number = without_sign(text);
    const auto as_number = [](std::optional<std::string> value, bool surprising) {
        return value ? std::optional(YamlScalar{NodeType::Number, std::move(*value), surprising})
                     : std::nullopt;
    };
    if (number.starts_with("0b") && only(number.substr(2), "01_"))
        return as_number(integer_in_base(number.substr(2), 2, negative), false);
    if (number.starts_with("0x"))
        return as_number(integer_in_base(number.substr(2), 16, negative), false);
    if (number.size() > 1 && number.front() == '0' && only(number, "01234567_"))
        return as_number(integer_in_base(number, 8, negative), true);
    if (number == "0" ||
        (begins_with_digit(number) && number.front() != '0' && only(number, digits_and_gaps)))
        return YamlScalar{NodeType::Number, (negative ? "-" : "") + without_gaps(number)};
    if (!number.starts_with('0') && counts_by_sixties(number)) {
        const auto value = (negative ? -1 : 1) * by_sixties(number);
        return YamlScalar{NodeType::Number, fmt::format("{:.0f}", value), true};
    }
    return std::nullopt;
}

/// Whether `text` is a decimal fraction; its exponent needs a sign.
bool is_fraction(std::string_view text) {
    const auto exponent = text.find_first_of("eE");
    const auto number = text.substr(0, exponent);
    const auto point = number.find('.');
    if (point == std::string_view::npos) return false;
    const auto whole = number.substr(0, point);
    const auto part = number.substr(point + 1);
    if (!only(whole, digits_and_gaps) || !only(part, digits_and_gaps)) return false;
    if (whole.empty() ? !begins_with_digit(part) : !begins_with_digit(whole)) return false;
    if (exponent == std::string_view::npos) return true;
    const auto power = text.substr(exponent + 1);
    return (power.starts_with('+') || power.starts_with('-')) && power.size() > 1 &&
           only(power.substr(1), digits);
}

std::optional<YamlScalar> read_fraction(std::string_view text) {
    const auto number = without_sign(text);
    const double sign = text.starts_with('-') ? -1 : 1;
    const auto as_float = [](double value, bool surprising = false) {
        return YamlScalar{NodeType::Number, float_text(value), surprising};
    };
    constexpr std::array<std::string_view, 3> infinities{".inf", ".Inf", ".INF"};
    constexpr std::array<std::string_view, 3> no_numbers{".nan", ".NaN", ".NAN"};
    if (is_one_of(number, infinities)) return as_float(sign * HUGE_VAL);
    if (is_one_of(text, no_numbers)) return as_float(std::nan(""));
    // A sign needs a digit before the point.
    const bool is_bare = number.starts_with('.') && number.size() < text.size();
    if (is_fraction(number) && !is_bare)
        return as_float(sign * std::strtod(without_gaps(number).c_str(), nullptr));
    const auto point = number.find('.');
    const bool sixties = point != std::string_view::npos &&
                         counts_by_sixties(number.substr(0, point)) &&
                         only(number.substr(point + 1), digits_and_gaps);
    if (sixties) return as_float(sign * by_sixties(number), true);
    return std::nullopt;
}

}  // namespace

YamlScalar read_yaml_scalar(std::string_view text) {
    if (is_one_of(text, null_words)) return {NodeType::Null, {}};
    if (is_one_of(text, true_words)) return {NodeType::Boolean, "true"};
    if (is_one_of(text, false_words)) return {NodeType::Boolean, "false"};
    if (auto number = read_integer(text)) return std::move(*number);
    if (auto number = read_fraction(text)) return std::move(*number);
    return {NodeType::String, std::string(text)};
}

std::string yaml_text(std::string_view text) {
    constexpr std::string_view indicators = "-?:,[]{}#&*!|>'\"%@` ";
    const bool plain = read_yaml_scalar(text).type == NodeType::String && text != "=" &&
                       text != "<<" && indicators.find(text.front()) == std::string_view::npos &&
                       text.find(": ") == std::string_view::npos &&
                       text.find(" #") == std::string_view::npos && text.back() != ':' &&
                       text.back() != ' ' && text.find_first_of("\n\r\t") == std::string_view::npos;
    return plain ? std::string(text) : nlohmann::json(text).dump();
}

}  // namespace aml::runconfig
