#pragma once

#include "async/clock.hpp"
#include "http/proxy.hpp"
#include "http/transport.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace aml::http {

/// What an editor's settings say about the network.
struct NetworkSettings {
    ProxySettings proxy{};
    /// Roots to trust besides those of this computer (setting `azureml.caFile`); PEM, empty for
    /// none.
    std::string ca_file{};

    bool operator==(const NetworkSettings&) const = default;
};

/// HTTP/1.1 over cpprestsdk: certificates always verified, through a proxy where one is set, one
/// client per origin with connections kept alive, redirects never followed. Answers arrive on the
/// caller's loop.
class CpprestTransport final : public Transport {
public:
    /// Bytes of an answer that came compressed, which may be a thousand times what was received.
    static constexpr std::size_t most_unpacked = 256'000'000;

    /// `initialize_transport_threads` must have been called before.
    CpprestTransport();
    CpprestTransport(const CpprestTransport&) = delete;
    CpprestTransport& operator=(const CpprestTransport&) = delete;
    /// Ends what is still under way.
    ~CpprestTransport() override;

    /// From the next request on; those under way go on as they began.
    void configure(NetworkSettings settings);

    /// Throws, besides what every transport throws: Rejected when the server's certificate is not
    /// accepted, the proxy refuses, or the settings of either cannot be used; the message has the
    /// remedy, and trying again is of no use. AzureFailed when an answer is larger than
    /// `most_unpacked`.
    asio::awaitable<Response> send(Request request, std::stop_token stop) override;

private:
    class Connections;
    std::unique_ptr<Connections> connections_;
    std::unique_ptr<async::Clock> clock_;
};

/// Starts cpprestsdk's pool with `count` threads instead of its 40. Call once, first thing in
/// `main`.
void initialize_transport_threads(int count = 2);

}  // namespace aml::http
