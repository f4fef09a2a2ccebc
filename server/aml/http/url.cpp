#include "http/url.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace aml::http {
namespace {

constexpr std::array allowed_query_keys = {"api-version",
                                           "$top",
                                           "$orderby",
                                           "$filter",
                                           "listviewtype",
                                           "count",
                                           "comp",
                                           "restype",
                                           "blockid",
                                           "hashversion",
                                           "hash",
                                           "isdefault",
                                           "delimiter",
                                           "path",
                                           "prefix",
                                           "kind"};

bool unreserved(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_' ||
           letter == '~';
}

std::string encode(std::string_view text, bool keep_slash) {
    std::string result;
    for (const char letter : text) {
        if (unreserved(letter) || (keep_slash && letter == '/')) {
            result += letter;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
        }
    }
    return result;
}

bool split_port(std::string_view authority, Url& url) {
    auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) != std::string_view::npos) {
        colon = std::string_view::npos;
    }
    url.host = lower(authority.substr(0, colon));
    url.port = url.scheme == "https" ? 443 : 80;
    if (colon == std::string_view::npos) return !url.host.empty();
    const auto digits = authority.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    return !url.host.empty() && error == std::errc() && end == digits.data() + digits.size() &&
           url.port > 0 && url.port < 65536;
}

}  // namespace

std::string Url::origin() const {
    const int usual = scheme == "https" ? 443 : 80;
    return port == usual ? fmt::format("{}://{}", scheme, host)
                         : fmt::format("{}://{}:{}", scheme, host, port);
}

std::optional<Url> parse_url(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    Url url;
    url.scheme = lower(text.substr(0, colon));
    if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
    auto rest = text.substr(colon + 3);
    rest = rest.substr(0, rest.find('#'));
    const auto authority = rest.substr(0, rest.find_first_of("/?"));
    // Nobody needs user:password@ here, and it is a classic way to disguise a host.
    if (authority.find('@') != std::string_view::npos || !split_port(authority, url))
        return std::nullopt;
    rest.remove_prefix(authority.size());
    const auto question = rest.find('?');
    url.path = rest.substr(0, question);
    if (url.path.empty()) url.path = "/";
    if (question != std::string_view::npos) url.query = rest.substr(question + 1);
    return url;
}

bool is_loopback(std::string_view host) {
    if (host == "localhost" || host.ends_with(".localhost") || host == "[::1]") return true;
    return host.starts_with("127.") &&
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool same_origin(std::string_view left, std::string_view right) {
    const auto a = parse_url(left);
    const auto b = parse_url(right);
    return a && b && a->origin() == b->origin();
}

std::string percent_encode(std::string_view text) {
    return encode(text, false);
}

std::string percent_encode_path(std::string_view path) {
    return encode(path, true);
}

std::string percent_decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const auto* digits = text.data() + i + 1;
        const bool escape = text[i] == '%' && i + 2 < text.size() &&
                            std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
        decoded += escape ? static_cast<char>(value) : text[i];
        if (escape) i += 2;
    }
    return decoded;
}

std::string with_query(std::string base,
                       const std::vector<std::pair<std::string, std::string>>& values) {
    for (const auto& [name, value] : values) {
        if (value.empty()) continue;
        base += base.find('?') == std::string::npos ? '?' : '&';
        base += name + '=' + percent_encode(value);
    }
    return base;
}

std::string redact_url(std::string_view url) {
    const auto question = url.find('?');
    std::string result(url.substr(0, question));
    if (question == std::string_view::npos) return result;
    auto rest = url.substr(question + 1);
    char separator = '?';
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const auto equal = pair.find('=');
        const auto name = pair.substr(0, equal);
        const bool allowed =
            std::find(allowed_query_keys.begin(), allowed_query_keys.end(), lower(name)) !=
            allowed_query_keys.end();
        result += separator;
        result += allowed || equal == std::string_view::npos ? std::string(pair)
                                                             : std::string(name) + "=***";
        separator = '&';
    }
    return result;
}

}  // namespace aml::http
