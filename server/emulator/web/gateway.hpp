#pragma once

#include "async/clock.hpp"
#include "support/log.hpp"
#include "support/random.hpp"
#include "web/authentication.hpp"
#include "web/faults.hpp"
#include "web/message.hpp"
#include "web/recorder.hpp"
#include "web/router.hpp"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

namespace aml::emulator {

/// Token buckets of ARM's throttling (sizes since 2024); here they only fill the
/// `x-ms-ratelimit-remaining-*` headers.
class Allowance final {
public:
    Allowance(double capacity, double per_second);
    /// Takes one and returns what is left, at least 0.
    int take(Time now);

private:
    double capacity_;
    double per_second_;
    double left_;
    Time at_{};
};

/// What happens to every request around its handler: fault rules, latency, routing, token and
/// api-version checks, the headers each surface adds, failures turned into replies, recording.
class Gateway final {
public:
    struct Parts {
        const Router& router;
        const Authentication& authentication;
        async::Clock& clock;
        Random& random;
        asio::thread_pool& pool;
        Log log;
        std::chrono::milliseconds latency{0};
        Faults faults;
        std::unique_ptr<Recorder> recorder;
        /// Ends delays on shutdown.
        std::stop_token stop;
    };

    explicit Gateway(Parts parts);

    /// The service of `Server::run`. Never throws on account of a request.
    asio::awaitable<Reply> handle(Request& request, BodyReader& body);

    /// When the newest request came; the clock's epoch before the first.
    Time last_request() const { return last_request_; }

private:
    asio::awaitable<Reply> answer(Request& request, BodyReader& body);
    asio::awaitable<Reply> dispatch(Request& request, BodyReader& body, const Route& route);
    asio::awaitable<std::string> collect(const Request& request, BodyReader& body);
    /// The body of a request that was answered unread (a fault, a wrong token), for the record.
    asio::awaitable<void> read_rest(Request& request, BodyTally& body);
    const Route& admit(Request& request) const;
    void check(const Route& route, Request& request) const;
    Reply damaged(const Request& request, const Fault& fault, Reply reply) const;
    void add_headers(const Request& request, Reply& reply);
    asio::awaitable<void> record(const Request& request, json streamed, const Reply& reply);

    Parts parts_;
    Time last_request_{};
    Allowance reads_{250, 25};
    Allowance writes_{200, 10};
    Allowance deletes_{200, 10};
};

}  // namespace aml::emulator
