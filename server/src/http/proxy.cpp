#include "http/proxy.hpp"

#include "http/headers.hpp"

#include <fmt/format.h>

#include <charconv>

namespace aml::http {
namespace {

std::string first_set(const Environment& environment, std::initializer_list<const char*> names) {
    for (const auto* name : names) {
        auto value = environment(name);
        if (!value.empty()) return value;
    }
    return {};
}

bool excluded(const std::string& host, std::string_view list) {
    while (!list.empty()) {
        auto entry = list.substr(0, list.find(','));
        list.remove_prefix(std::min(entry.size() + 1, list.size()));
        while (entry.starts_with(' ')) entry.remove_prefix(1);
        while (entry.ends_with(' ')) entry.remove_suffix(1);
        if (entry == "*") return true;
        if (entry.starts_with('.')) entry.remove_prefix(1);
        const auto domain = to_lower(entry);
        if (!domain.empty() && (host == domain || host.ends_with('.' + domain))) return true;
    }
    return false;
}

std::string percent_decode(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        int value = 0;
        const auto* digits = text.data() + i + 1;
        const bool escaped = text[i] == '%' && i + 2 < text.size() &&
                             std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
        result += escaped ? static_cast<char>(value) : text[i];
        if (escaped) i += 2;
    }
    return result;
}

/// Reads "[http://][user[:password]@]host[:port]"; empty when it is none.
std::optional<Proxy> parse_proxy(std::string_view text) {
    const auto scheme = text.find("://");
    if (scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
    Proxy proxy;
    const auto at = text.rfind('@');
    if (at != std::string_view::npos) {
        const auto account = text.substr(0, at);
        const auto colon = account.find(':');
        proxy.user = percent_decode(account.substr(0, colon));
        if (colon != std::string_view::npos)
            proxy.password = Secret(percent_decode(account.substr(colon + 1)));
        text.remove_prefix(at + 1);
    }
    const auto url = parse_url(fmt::format("http://{}", text));
    if (!url) return std::nullopt;
    proxy.address = url->origin();
    return proxy;
}

}  // namespace

std::optional<Proxy> proxy_for(const Url& target, const Environment& environment) {
    if (target.scheme != "https" || is_loopback(target.host)) return std::nullopt;
    const auto text =
        first_set(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    if (text.empty() || excluded(target.host, first_set(environment, {"no_proxy", "NO_PROXY"})))
        return std::nullopt;
    return parse_proxy(text);
}

}  // namespace aml::http
