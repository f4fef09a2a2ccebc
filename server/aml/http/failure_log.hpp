#pragma once

#include "async/clock.hpp"
#include "http/transport.hpp"

#include <deque>
#include <optional>
#include <string>

namespace aml::http {

/// One attempt that failed, as a support case needs it. Holds no secret.
struct FailedAttempt {
    async::Clock::TimePoint time{};
    /// e.g. "create the job".
    std::string operation{};
    /// Method and address, redacted.
    std::string request{};
    /// Empty when there was no answer.
    std::optional<int> status{};
    /// The answer's body, redacted; without an answer why there was none.
    std::string problem{};
    /// Value of `x-ms-client-request-id`: ours, the same for every attempt.
    std::string client_request_id{};
    /// Values of `x-ms-request-id` and `x-ms-correlation-request-id`; empty when there was none.
    std::string request_id{};
    std::string correlation_id{};
};

/// Sends through another transport and keeps the latest failures, for diagnostics: answers with a
/// status of 400 or more, and what got no answer.
class FailureLog final : public Transport {
public:
    static constexpr std::size_t capacity = 20;

    /// Keeps both by reference.
    FailureLog(Transport& inner, async::Clock& clock)
        : inner_(inner),
          clock_(clock) {}

    /// Throws what the other transport throws.
    asio::awaitable<Response> send(Request request, std::stop_token stop) override;

    /// Oldest first.
    const std::deque<FailedAttempt>& attempts() const { return attempts_; }

private:
    void add(FailedAttempt attempt);

    Transport& inner_;
    async::Clock& clock_;
    std::deque<FailedAttempt> attempts_;
};

}  // namespace aml::http
