#pragma once

#include "http/url.hpp"
#include "support/secret.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace aml::http {

/// A web proxy that tunnels https connections.
struct Proxy {
    /// "http://host:port", always with the port.
    std::string address{};
    /// Empty when none was given.
    std::string user{};
    Secret password{};
};

/// What an editor's settings say about proxies; what is empty is left to the environment.
struct ProxySettings {
    /// "http://[user:password@]host[:port]" (VS Code's `http.proxy`).
    Secret address{};
    /// Entries as in `NO_PROXY` (VS Code's `http.noProxy`), in addition to those of the
    /// environment.
    std::vector<std::string> excluded{};

    bool operator==(const ProxySettings&) const = default;
};

/// The value of an environment variable; empty when it is not set.
using Environment = std::function<std::string(const char*)>;

/// The proxy for connections to `target`: the settings', else `https_proxy`, `all_proxy` or
/// `http_proxy` in lower or upper case (the last one because VS Code takes it too), unless the
/// settings or `no_proxy`/`NO_PROXY` exclude the target. Never for this machine, and never for
/// plain http, which goes nowhere else. Throws: Rejected for an address that names no usable proxy;
/// the message names where it stands and holds no password.
std::optional<Proxy> proxy_for(const Url& target,
                               const ProxySettings& settings,
                               const Environment& environment);

/// Whether an entry of `NO_PROXY` means `target`: "*", a host, a domain with everything below it
/// ("example.com", ".example.com", "*.example.com"), an address, a block of addresses
/// ("10.0.0.0/8", "fd00::/8"), each also with ":port".
bool proxy_excludes(std::string_view entry, const Url& target);

}  // namespace aml::http
