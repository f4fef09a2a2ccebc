#include "http/policies.hpp"
#include "http/redact.hpp"
#include "http/url.hpp"
#include "support/error.hpp"

namespace aml::http {
namespace {

class RequestIdPolicy final : public Policy {
public:
    explicit RequestIdPolicy(Random& random)
        : random_(random) {}

    asio::awaitable<Response> send(Request request, Next next, Context context) override {
        context.request_id = random_.uuid();
        request.headers.set("x-ms-client-request-id", context.request_id);
        return next.send(std::move(request), std::move(context));
    }

private:
    Random& random_;
};

class UserAgentPolicy final : public Policy {
public:
    explicit UserAgentPolicy(std::string user_agent)
        : user_agent_(std::move(user_agent)) {}

    asio::awaitable<Response> send(Request request, Next next, Context context) override {
        request.headers.set("User-Agent", user_agent_);
        return next.send(std::move(request), std::move(context));
    }

private:
    std::string user_agent_;
};

class LogPolicy final : public Policy {
public:
    LogPolicy(async::Clock& clock, Log log)
        : clock_(clock),
          log_(std::move(log)) {}

    asio::awaitable<Response> send(Request request, Next next, Context context) override {
        const auto line = fmt::format("{} {} \"{}\" attempt={} request={}",
                                      to_string(request.method),
                                      redact_url(request.url),
                                      request.operation.english(),
                                      context.attempt,
                                      context.request_id);
        if (log_.enabled(LogLevel::Debug)) {
            log_.debug("{} [{}] {}",
                       line,
                       redact_headers(request.headers),
                       redact_body(request.body.view()));
        }
        const auto start = clock_.now();
        try {
            auto response = co_await next.send(std::move(request), std::move(context));
            log_.info("{} {} {}ms service-request={}",
                      response.status,
                      line,
                      milliseconds_since(start),
                      response.headers.get("x-ms-request-id").value_or("-"));
            if (log_.enabled(LogLevel::Debug)) {
                log_.debug("[{}] {}", redact_headers(response.headers), redact_body(response.body));
            }
            co_return response;
        } catch (const Error& error) {
            log_.info("{} {} {}ms {}",
                      to_string(error.kind()),
                      line,
                      milliseconds_since(start),
                      error.what());
            throw;
        }
    }

private:
    std::int64_t milliseconds_since(async::Clock::TimePoint start) const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - start).count();
    }

    async::Clock& clock_;
    Log log_;
};

std::vector<std::unique_ptr<Policy>> first_policies(PipelineParts& parts) {
    std::vector<std::unique_ptr<Policy>> policies;
    policies.push_back(request_id_policy(parts.random));
    policies.push_back(user_agent_policy(std::move(parts.user_agent)));
    policies.push_back(retry_policy(parts.clock, parts.random, parts.retry));
    return policies;
}

}  // namespace

std::unique_ptr<Policy> request_id_policy(Random& random) {
    return std::make_unique<RequestIdPolicy>(random);
}

std::unique_ptr<Policy> user_agent_policy(std::string user_agent) {
    return std::make_unique<UserAgentPolicy>(std::move(user_agent));
}

std::unique_ptr<Policy> log_policy(async::Clock& clock, Log log) {
    return std::make_unique<LogPolicy>(clock, std::move(log));
}

Pipeline make_pipeline(PipelineParts parts, Credential& credential, TrustedHosts trusted) {
    auto policies = first_policies(parts);
    policies.push_back(bearer_token_policy(credential, std::move(trusted)));
    policies.push_back(log_policy(parts.clock, parts.log.component("http")));
    return {std::move(policies), parts.transport};
}

Pipeline make_anonymous_pipeline(PipelineParts parts) {
    auto policies = first_policies(parts);
    policies.push_back(log_policy(parts.clock, parts.log.component("http")));
    return {std::move(policies), parts.transport};
}

}  // namespace aml::http
