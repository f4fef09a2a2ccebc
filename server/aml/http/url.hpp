#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aml::http {

/// The parts of an absolute http(s) address, still percent-encoded.
struct Url {
    /// "http" or "https", lower case.
    std::string scheme;
    /// Lower case; an IPv6 address keeps its brackets.
    std::string host;
    int port = 0;
    /// Starts with '/'.
    std::string path;
    /// Without '?'; empty when there is none.
    std::string query;

    /// "https://host" with the port only when it is not the scheme's own: what a connection belongs
    /// to.
    std::string origin() const;
};

/// Empty when `text` is not an absolute http(s) address.
std::optional<Url> parse_url(std::string_view text);

/// localhost, 127.0.0.0/8 and ::1.
bool is_loopback(std::string_view host);

/// Scheme, host and port are the same. False when either is not an absolute address.
bool same_origin(std::string_view left, std::string_view right);

/// Encodes one path segment or query value: everything but RFC 3986 unreserved characters.
std::string percent_encode(std::string_view text);

/// As `percent_encode`, but '/' stays.
std::string percent_encode_path(std::string_view path);

/// Undoes both; a '%' that begins no escape stays.
std::string percent_decode(std::string_view text);

/// `base` plus "?a=b&c=d" (or "&…" when it has a query); values are encoded, pairs with an empty
/// value left out.
std::string with_query(std::string base,
                       const std::vector<std::pair<std::string, std::string>>& values);

/// The address with every query value not on the allowlist replaced by "***"; SAS signatures never
/// survive.
std::string redact_url(std::string_view url);

}  // namespace aml::http
