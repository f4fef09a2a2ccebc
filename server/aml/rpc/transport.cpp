#include "rpc/transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace aml::rpc {
namespace {

constexpr std::size_t deepest = 256;

/// How deep lists and objects are nested, brackets in strings left out. Right for every valid JSON
/// text.
std::size_t nesting(std::string_view text) {
    std::size_t depth = 0;
    std::size_t most = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = text[i];
        if (in_string) {
            if (letter == '\\') ++i;
            if (letter == '"') in_string = false;
        } else if (letter == '"') {
            in_string = true;
        } else if (letter == '[' || letter == '{') {
            most = std::max(most, ++depth);
        } else if ((letter == ']' || letter == '}') && depth > 0) {
            --depth;
        }
    }
    return most;
}

}  // namespace

Incoming parse_body(std::string_view body) {
    if (nesting(body) > deepest) {
        return Unreadable{fmt::format("A message is nested deeper than {} levels.", deepest),
                          false};
    }
    try {
        return nlohmann::json::parse(body);
    } catch (const nlohmann::json::parse_error& error) {
        // The library's own text quotes the message, which may hold a secret.
        return Unreadable{
            fmt::format("A message is not JSON: error at byte {} of {}.", error.byte, body.size()),
            false};
    } catch (const nlohmann::json::exception&) {
        return Unreadable{"A message holds a number that is out of range.", false};
    }
}

}  // namespace aml::rpc
