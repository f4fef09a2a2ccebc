#include "azure/xml.hpp"

#include <array>
#include <charconv>

namespace aml::azure {
namespace {

struct Entity {
    std::string_view name;
    char letter;
};

constexpr std::array entities = {Entity{"lt", '<'},
                                 Entity{"gt", '>'},
                                 Entity{"quot", '"'},
                                 Entity{"apos", '\''},
                                 Entity{"amp", '&'}};

/// The letter of "lt", "#39" or "#x27"; NUL when it is none of ours.
char letter_of(std::string_view entity) {
    for (const auto& known : entities) {
        if (known.name == entity) return known.letter;
    }
    if (!entity.starts_with('#')) return '\0';
    entity.remove_prefix(1);
    const bool hexadecimal = entity.starts_with('x');
    if (hexadecimal) entity.remove_prefix(1);
    int value = 0;
    const auto [end, error] =
        std::from_chars(entity.data(), entity.data() + entity.size(), value, hexadecimal ? 16 : 10);
    const bool whole = error == std::errc() && end == entity.data() + entity.size();
    return whole && value > 0 && value < 128 ? static_cast<char>(value) : '\0';
}

}  // namespace

std::string_view xml_element(std::string_view xml, const std::string& name) {
    const auto open = "<" + name + ">";
    const auto start = xml.find(open);
    if (start == std::string_view::npos) return {};
    const auto from = start + open.size();
    const auto end = xml.find("</" + name + ">", from);
    return end == std::string_view::npos ? std::string_view() : xml.substr(from, end - from);
}

std::string xml_unescape(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto end = text.front() == '&' ? text.find(';') : std::string_view::npos;
        const char letter =
            end == std::string_view::npos ? '\0' : letter_of(text.substr(1, end - 1));
        result += letter == '\0' ? text.front() : letter;
        text.remove_prefix(letter == '\0' ? 1 : end + 1);
    }
    return result;
}

}  // namespace aml::azure
