#include "blob/signing.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace aml::emulator {

namespace {

constexpr std::string_view signed_version = "2021-08-06";

std::string resource_path(std::string_view account,
                          std::string_view container,
                          std::string_view blob) {
    auto path = fmt::format("/blob/{}/{}", account, container);
    if (!blob.empty()) path += fmt::format("/{}", blob);
    return path;
}

std::string service_text(const Query& query, std::string_view resource) {
    std::string text;
    for (const char* name : {"sp", "st", "se"}) text.append(query.get(name)).append("\n");
    text.append(resource).append("\n");
    for (const char* name :
         {"si", "sip", "spr", "sv", "sr", "snapshot", "ses", "rscc", "rscd", "rsce", "rscl"}) {
        text.append(query.get(name)).append("\n");
    }
    return text + query.get("rsct");
}

std::string account_text(const Query& query, std::string_view account) {
    std::string text(account);
    text += "\n";
    for (const char* name : {"sp", "ss", "srt", "st", "se", "sip", "spr", "sv", "ses"}) {
        text.append(query.get(name)).append("\n");
    }
    return text;
}

bool signature_matches(const Query& query, const SharedAccessUse& use) {
    const auto& signature = query.get("sig");
    const auto& resource = query.get("sr");
    if (signature.empty()) return false;
    if (resource == "c" || resource == "b") {
        const auto path =
            resource_path(use.account, use.container, resource == "b" ? use.blob : "");
        return signature == sign_text(use.account_key, service_text(query, path));
    }
    return resource.empty() &&
           signature == sign_text(use.account_key, account_text(query, use.account));
}

// An account signature also names the service and the kinds of resource: b; s, c, o.
bool account_scope_covers(const Query& query, const SharedAccessUse& use) {
    if (!query.get("sr").empty()) return true;
    const char kind = use.blob.empty() ? 'c' : 'o';
    return query.get("ss").find('b') != std::string::npos &&
           query.get("srt").find(kind) != std::string::npos;
}

/// The path that the client knows of: without the account where that is in the host's name.
std::string_view path_as_sent(const Request& request) {
    const std::string_view target = request.target;
    if (!target.starts_with('/')) return request.path;
    return target.substr(0, target.find_first_of("?#"));
}

std::string canonical_headers(const Headers& headers) {
    std::map<std::string, std::string> sorted;
    for (const auto& [name, value] : headers) {
        auto lower = to_lower(name);
        if (lower.starts_with("x-ms-")) sorted[std::move(lower)] = value;
    }
    std::string text;
    for (const auto& [name, value] : sorted) text += fmt::format("{}:{}\n", name, value);
    return text;
}

std::string canonical_query(const Query& query) {
    std::map<std::string, std::vector<std::string>> sorted;
    for (const auto& [name, value] : query.items()) sorted[to_lower(name)].push_back(value);
    std::string text;
    for (auto& [name, values] : sorted) {
        std::ranges::sort(values);
        text += fmt::format("\n{}:{}", name, fmt::join(values, ","));
    }
    return text;
}

}  // namespace

std::string sign_text(std::string_view account_key, std::string_view text) {
    return base64_encode(hmac_sha256(base64_decode(account_key).value_or(""), text));
}

std::string sign_shared_access(const SharedAccess& access,
                               std::string_view account,
                               std::string_view account_key) {
    auto text = fmt::format("sv={}&st={}&se={}&sp={}",
                            signed_version,
                            percent_encode(iso_seconds(access.starts)),
                            percent_encode(iso_seconds(access.expires)),
                            access.permissions);
    std::string to_sign;
    if (access.scope == SharedAccessScope::Account) {
        text += "&ss=b&srt=sco";
        to_sign = account_text(Query::parse(text), account);
    } else {
        const bool blob = access.scope == SharedAccessScope::Blob;
        text += blob ? "&sr=b" : "&sr=c";
        to_sign = service_text(Query::parse(text),
                               resource_path(account, access.container, blob ? access.blob : ""));
    }
    return text + "&sig=" + percent_encode(sign_text(account_key, to_sign));
}

std::optional<SharedAccessRefusal> check_shared_access(const Query& query,
                                                       const SharedAccessUse& use) {
    if (!signature_matches(query, use)) return SharedAccessRefusal::BadSignature;
    const auto expires = parse_iso_time(query.get("se"));
    const auto starts = parse_iso_time(query.get("st"));
    if (!expires || (query.has("st") && !starts)) return SharedAccessRefusal::BadSignature;
    if (starts && use.now < *starts) return SharedAccessRefusal::NotYetValid;
    if (use.now >= *expires) return SharedAccessRefusal::Expired;
    const bool permitted = query.get("sp").find_first_of(use.any_permission) != std::string::npos;
    if (!permitted || !account_scope_covers(query, use))
        return SharedAccessRefusal::MissingPermission;
    return std::nullopt;
}

std::string shared_key_text(const Request& request, std::string_view account) {
    std::string text(request.method);
    for (const char* name : {"Content-Encoding",
                             "Content-Language",
                             "Content-Length",
                             "Content-MD5",
                             "Content-Type",
                             "Date",
                             "If-Modified-Since",
                             "If-Match",
                             "If-None-Match",
                             "If-Unmodified-Since",
                             "Range"}) {
        const auto& value = request.headers.get(name);
        const bool no_length = std::string_view(name) == "Content-Length" && value == "0";
        text += "\n" + (no_length ? std::string() : value);
    }
    return fmt::format("{}\n{}/{}{}{}",
                       text,
                       canonical_headers(request.headers),
                       account,
                       path_as_sent(request),
                       canonical_query(request.query));
}

}  // namespace aml::emulator
