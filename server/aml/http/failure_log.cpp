#include "http/failure_log.hpp"

#include "http/redact.hpp"
#include "http/url.hpp"
#include "support/error.hpp"

#include <fmt/format.h>

#include <utility>

namespace aml::http {

asio::awaitable<Response> FailureLog::send(Request request, std::stop_token stop) {
    FailedAttempt attempt;
    attempt.operation = request.operation;
    attempt.request = fmt::format("{} {}", to_string(request.method), redact_url(request.url));
    attempt.client_request_id = request.headers.get("x-ms-client-request-id").value_or("");
    try {
        auto response = co_await inner_.send(std::move(request), std::move(stop));
        if (response.status >= 400) {
            attempt.status = response.status;
            attempt.problem = redact_body(response.body);
            attempt.request_id = response.headers.get("x-ms-request-id").value_or("");
            attempt.correlation_id =
                response.headers.get("x-ms-correlation-request-id").value_or("");
            add(std::move(attempt));
        }
        co_return response;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        attempt.problem = error.message();
        add(std::move(attempt));
        throw;
    }
}

void FailureLog::add(FailedAttempt attempt) {
    attempt.time = clock_.now();
    attempts_.push_back(std::move(attempt));
    if (attempts_.size() > capacity) attempts_.pop_front();
}

}  // namespace aml::http
