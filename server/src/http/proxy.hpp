#pragma once

#include "http/url.hpp"
#include "support/secret.hpp"

#include <functional>
#include <optional>
#include <string>

namespace aml::http {

/// A web proxy that tunnels https connections.
struct Proxy {
    /// "http://host:port".
    std::string address{};
    /// Empty when it asks for none.
    std::string user{};
    Secret password{};
};

/// The value of an environment variable; empty when it is not set.
using Environment = std::function<std::string(const char*)>;

/// The proxy for connections to `target`, as curl and the Azure tools read it: `https_proxy`,
/// `HTTPS_PROXY` or `ALL_PROXY`, unless `no_proxy`/`NO_PROXY` lists the host ("*", "host", "domain"
/// or ".domain"). Never for this machine, and never for plain http, which goes nowhere else.
std::optional<Proxy> proxy_for(const Url& target, const Environment& environment);

}  // namespace aml::http
