#include "http/proxy.hpp"

#include "support/error.hpp"
#include "support/localize.hpp"
#include "support/text.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace aml::http {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

/// A value and where the user wrote it.
struct Source {
    std::string value;
    std::string name;
};

Source first_set(const Environment& environment, std::initializer_list<const char*> names) {
    for (const auto* name : names) {
        auto value = environment(name);
        if (!value.empty()) return {std::move(value), name};
    }
    return {};
}

/// "[::1]" and "::1" alike.
std::string_view without_brackets(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
    return host;
}

/// Takes ":port" off the end of `entry`; empty when it names none. An address with colons needs
/// brackets to have a port.
std::optional<int> take_port(std::string_view& entry) {
    const auto colon = entry.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto host = entry.substr(0, colon);
    if (host.find(':') != std::string_view::npos && !host.ends_with(']')) return std::nullopt;
    int port = 0;
    const auto digits = entry.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    entry = host;
    return port;
}

bool block_holds(const std::string& block, const ip::address& address) {
    error_code error;
    if (address.is_v4()) {
        const auto network = ip::make_network_v4(block, error);
        if (error) return false;
        const auto masked = ip::make_network_v4(address.to_v4(), network.prefix_length());
        return masked.canonical() == network.canonical();
    }
    const auto network = ip::make_network_v6(block, error);
    if (error) return false;
    const ip::network_v6 masked(address.to_v6(), network.prefix_length());
    return masked.canonical() == network.canonical();
}

bool means_address(std::string_view entry, const ip::address& address) {
    if (entry.find('/') != std::string_view::npos) return block_holds(std::string(entry), address);
    error_code error;
    const auto meant = ip::make_address(std::string(without_brackets(entry)), error);
    return !error && meant == address;
}

bool excluded(const Url& target, std::string_view list) {
    constexpr auto separators = ", \t;";
    while (!list.empty()) {
        const auto entry = list.substr(0, list.find_first_of(separators));
        list.remove_prefix(std::min(entry.size() + 1, list.size()));
        if (proxy_excludes(entry, target)) return true;
    }
    return false;
}

Error unusable(const Source& source, std::string_view address) {
    return {ErrorKind::Rejected,
            localize("The proxy address \"{}\" in {} cannot be used; write it as "
                     "http://host:port or http://user:password@host:port.",
                     address,
                     source.name)};
}

/// Reads "[http://][user[:password]@]host[:port]". Proxies that are spoken to through TLS or SOCKS
/// are beyond the transport.
Proxy parse_proxy(const Source& source) {
    std::string_view text = source.value;
    const auto scheme = text.find("://");
    const bool has_scheme = scheme != std::string_view::npos;
    // What may be shown: without the account.
    auto shown = std::string(has_scheme ? text.substr(0, scheme + 3) : std::string_view());
    if (has_scheme) text.remove_prefix(scheme + 3);
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
    shown += text;
    const auto url = parse_url(fmt::format("http://{}", text));
    const bool speaks_http = !has_scheme || same_name(shown.substr(0, scheme), "http");
    if (!url || !speaks_http) throw unusable(source, shown);
    proxy.address = fmt::format("http://{}:{}", url->host, url->port);
    return proxy;
}

}  // namespace

bool proxy_excludes(std::string_view entry, const Url& target) {
    if (entry.empty()) return false;
    if (entry == "*") return true;
    const auto port = take_port(entry);
    if (port && *port != target.port) return false;
    error_code error;
    const auto address = ip::make_address(std::string(without_brackets(target.host)), error);
    if (!error) return means_address(entry, address);
    if (entry.starts_with("*.")) entry.remove_prefix(1);
    if (entry.starts_with('.')) entry.remove_prefix(1);
    const auto domain = lower(entry);
    return !domain.empty() && (target.host == domain || target.host.ends_with('.' + domain));
}

std::optional<Proxy> proxy_for(const Url& target,
                               const ProxySettings& settings,
                               const Environment& environment) {
    if (target.scheme != "https" || is_loopback(target.host)) return std::nullopt;
    // Its account goes into the request, the rest is no secret.
    auto source = Source{settings.address.reveal(), localize("the setting http.proxy")};
    if (source.value.empty()) {
        source = first_set(
            environment,
            {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"});
    }
    if (source.value.empty()) return std::nullopt;
    if (excluded(target, first_set(environment, {"no_proxy", "NO_PROXY"}).value))
        return std::nullopt;
    const auto& more = settings.excluded;
    const auto excludes = [&target](const std::string& list) { return excluded(target, list); };
    if (std::any_of(more.begin(), more.end(), excludes)) return std::nullopt;
    return parse_proxy(source);
}

}  // namespace aml::http
