#include "workspace/diagnostics.hpp"

#include "azure/errors.hpp"
#include "azure/json_fields.hpp"
#include "support/localize.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace aml::workspace {
namespace {

constexpr std::chrono::minutes recent{5};

void add(std::string& text, const LocalizedText& name, const std::string& value) {
    if (!value.empty()) text += fmt::format("{}\n", localize("{}: {}", name, value));
}

void add_below(std::string& text, const LocalizedText& name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {}\n", localize("{}: {}", name, value));
}

/// "Code/InnerCode: message" of an error body, else the body itself.
std::string told(const std::string& problem) {
    const auto error = azure::parse_service_error(problem);
    if (!error) return problem;
    const auto inner = error->inner_code.empty() || error->inner_code == error->code
                           ? std::string()
                           : "/" + error->inner_code;
    return fmt::format("{}{}: {}", error->code, inner, error->message);
}

std::string described(const http::FailedAttempt& attempt) {
    const auto outcome =
        attempt.status ? localize("HTTP status {}", *attempt.status) : localize("no answer");
    auto text = fmt::format("{}  {}\n  {}\n",
                            azure::format_time(attempt.time),
                            attempt.request,
                            localize("to {}: {}", attempt.operation, outcome));
    const auto problem = told(attempt.problem);
    if (!problem.empty()) text += fmt::format("  {}\n", problem);
    add_below(text, localize("client request id"), attempt.client_request_id);
    add_below(text, localize("request id"), attempt.request_id);
    add_below(text, localize("correlation id"), attempt.correlation_id);
    return text;
}

}  // namespace

std::string diagnostics(const Error& error,
                        const http::FailureLog& failures,
                        async::Clock::TimePoint now,
                        const std::string& version) {
    const auto& details = error.details();
    auto text = fmt::format("Azure ML Experiments {}\n", version);
    add(text, localize("time"), azure::format_time(now));
    add(text, localize("message"), error.message());
    add(text, localize("kind"), std::string(to_string(error.kind())));
    if (details.http_status)
        add(text, localize("HTTP status"), std::to_string(*details.http_status));
    add(text, localize("code"), details.azure_code);
    add(text, localize("request id"), details.request_id);
    bool first = true;
    for (const auto& attempt : failures.attempts()) {
        if (now - attempt.time > recent) continue;
        if (std::exchange(first, false))
            text +=
                fmt::format("\n{}\n", localize("Requests that failed in the last five minutes"));
        text += '\n' + described(attempt);
    }
    return text;
}

bool has_diagnostics(const Error& error) {
    switch (error.kind()) {
        case ErrorKind::Throttled:
        case ErrorKind::TimedOut:
        case ErrorKind::Unavailable:
        case ErrorKind::AzureFailed:
        case ErrorKind::InternalError:
            return true;
        default:
            return error.details().http_status || !error.details().azure_code.empty();
    }
}

}  // namespace aml::workspace
