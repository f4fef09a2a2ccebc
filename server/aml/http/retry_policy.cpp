#include "http/policies.hpp"
#include "http/transport_failure.hpp"
#include "support/error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <iomanip>
#include <sstream>

namespace aml::http {
namespace {

using std::chrono::milliseconds;

// A service that asks for more is better reported than waited for.
constexpr milliseconds longest_wait = std::chrono::minutes(2);

bool worth_retrying(int status) {
    constexpr std::array statuses = {408, 429, 500, 502, 503, 504};
    return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

bool repeatable(const Request& request) {
    return request.repeat == Repeat::Safe ||
           (request.method != Method::Post && request.method != Method::Patch);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

/// IMF-fixdate, RFC 9110 section 5.6.7.
std::optional<async::Clock::TimePoint> http_date(const std::string& text) {
    using namespace std::chrono;
    std::tm parts{};
    std::istringstream input(text);
    input >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S GMT");
    if (input.fail() || input.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
    const sys_days date = year(parts.tm_year + 1900) /
                          month(static_cast<unsigned>(parts.tm_mon + 1)) /
                          day(static_cast<unsigned>(parts.tm_mday));
    return date + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

class RetryPolicy final : public Policy {
public:
    RetryPolicy(async::Clock& clock, Random& random, RetryOptions options)
        : clock_(clock),
          random_(random),
          options_(options) {}

    asio::awaitable<Response> send(Request request, Next next, Context context) override {
        for (;; ++context.attempt) {
            std::optional<Response> response;
            std::exception_ptr failure;
            auto retries = options_.max_retries;
            try {
                response = co_await next.send(request, context);
            } catch (const Error& error) {
                if (!failed_on_the_way(error)) throw;
                failure = std::current_exception();
                if (!worth_waiting_for(error)) retries = options_.max_connection_retries;
            }
            const auto wait = context.attempt > retries ? std::nullopt
                                                        : delay(request, response, context.attempt);
            if (!wait) {
                if (failure) std::rethrow_exception(failure);
                response->attempts = context.attempt;
                co_return std::move(*response);
            }
            co_await clock_.sleep_for(*wait, context.stop);
        }
    }

private:
    static bool failed_on_the_way(const Error& error) {
        // An error with a status or a code is that of another request, e.g. to the token endpoint.
        const auto& details = error.details();
        return (error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::TimedOut) &&
               !details.http_status &&
               (details.azure_code.empty() || details.azure_code == transport_failure::tls ||
                !worth_waiting_for(error));
    }

    static bool worth_waiting_for(const Error& error) {
        const auto& code = error.details().azure_code;
        return code != transport_failure::no_connection && code != transport_failure::proxy;
    }

    /// How long to wait before the next attempt; empty when there is to be none.
    std::optional<milliseconds> delay(const Request& request,
                                      const std::optional<Response>& response,
                                      int attempt) {
        if (request.repeat == Repeat::Never) return std::nullopt;
        if (response && !worth_retrying(response->status)) return std::nullopt;
        const auto asked = response ? retry_after(response->headers, clock_.now()) : std::nullopt;
        if (!repeatable(request)) {
            const bool refused = response && (response->status == 429 || response->status == 503);
            if (!refused || !asked) return std::nullopt;
        }
        if (asked) return *asked <= longest_wait ? asked : std::nullopt;
        const auto doubled =
            static_cast<double>(options_.first_delay.count()) * std::pow(2, attempt - 1);
        const auto capped = std::min(doubled, static_cast<double>(options_.max_delay.count()));
        return milliseconds(std::llround(capped * random_.between(0.8, 1.3)));
    }

    async::Clock& clock_;
    Random& random_;
    RetryOptions options_;
};

}  // namespace

std::optional<milliseconds> retry_after(const Headers& headers, async::Clock::TimePoint now) {
    for (const auto* name : {"retry-after-ms", "x-ms-retry-after-ms"}) {
        const auto text = headers.get(name);
        const auto value = text ? whole_number(*text) : std::nullopt;
        if (value) return milliseconds(*value);
    }
    const auto text = headers.get("Retry-After");
    if (!text) return std::nullopt;
    if (const auto seconds = whole_number(*text)) return std::chrono::seconds(*seconds);
    const auto date = http_date(*text);
    if (!date) return std::nullopt;
    // Both are by the service's clock; the one of this computer may be wrong.
    const auto sent = headers.get("Date");
    const auto reference = sent ? http_date(*sent).value_or(now) : now;
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*date - reference));
}

std::unique_ptr<Policy> retry_policy(async::Clock& clock, Random& random, RetryOptions options) {
    return std::make_unique<RetryPolicy>(clock, random, options);
}

}  // namespace aml::http
