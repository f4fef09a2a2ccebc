#pragma once

#include "async/asio.hpp"
#include "http/transport.hpp"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace aml::http {

class Next;

/// What policies know about the call they take part in.
struct Context {
    std::stop_token stop{};
    /// Value of `x-ms-client-request-id`; the same for all attempts.
    std::string request_id{};
    /// 1 for the first attempt.
    int attempt = 1;
};

/// One concern of sending a request; calls `next` once, more than once (retry) or not at all.
class Policy {
public:
    virtual ~Policy() = default;
    virtual asio::awaitable<Response> send(Request request, Next next, Context context) = 0;
};

/// The rest of the pipeline. Must not outlive the pipeline.
class Next final {
public:
    Next(const std::vector<std::unique_ptr<Policy>>& policies,
         std::size_t index,
         Transport& transport)
        : policies_(&policies),
          index_(index),
          transport_(&transport) {}

    /// Throws what later policies and the transport throw.
    asio::awaitable<Response> send(Request request, Context context) const;

private:
    const std::vector<std::unique_ptr<Policy>>* policies_;
    std::size_t index_;
    Transport* transport_;
};

/// Policies in order, then the transport. Must outlive its calls.
class Pipeline final {
public:
    /// Keeps a reference to `transport`.
    Pipeline(std::vector<std::unique_ptr<Policy>> policies, Transport& transport);

    /// Throws: Rejected for plain http except to loopback and, without a token, to link-local
    /// addresses (the identity service of a machine in Azure); what the
    /// policies and the transport throw. Any HTTP status is a normal return.
    asio::awaitable<Response> send(Request request, std::stop_token stop) const;

private:
    std::vector<std::unique_ptr<Policy>> policies_;
    Transport& transport_;
};

}  // namespace aml::http
