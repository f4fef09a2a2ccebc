#include "http/cpprest_transport.hpp"

#include "async/await_task.hpp"
#include "http/proxy.hpp"
#include "http/url.hpp"
#include "support/error.hpp"

#include <boost/asio/steady_timer.hpp>
#include <cpprest/containerstream.h>
#include <cpprest/http_client.h>
#include <cpprest/rawptrstream.h>
#include <fmt/format.h>
#include <pplx/threadpool.h>

#include <cstdlib>
#include <list>
#include <map>
#include <string>
#include <system_error>

namespace aml::http {
namespace {

namespace cpprest = web::http;
using Bytes = std::vector<std::uint8_t>;
using Received = concurrency::streams::container_buffer<Bytes>;

// Of one read or write; a whole attempt is limited by Request::timeout.
constexpr std::chrono::minutes idle_limit{2};
constexpr std::size_t chunk_size = 256 * 1024;

/// What one exchange needs until its task has ended, even if nobody waits for it any more.
struct Exchange {
    Body body;
    Received received{};
    pplx::cancellation_token_source cancellation{};
    pplx::task<void> posted{};
};

using SharedExchange = std::shared_ptr<Exchange>;

cpprest::http_request make_request(const Request& request,
                                   const Url& url,
                                   const SharedExchange& exchange) {
    cpprest::http_request message(std::string(to_string(request.method)));
    message.set_request_uri(web::uri(url.query.empty() ? url.path : url.path + '?' + url.query));
    for (const auto& [name, value] : request.headers) message.headers().add(name, value);
    message.set_response_stream(exchange->received.create_ostream());
    const auto bytes = exchange->body.view();
    if (bytes.empty()) return message;
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    auto stream =
        concurrency::streams::rawptr_stream<std::uint8_t>::open_istream(data, bytes.size());
    message.set_body(stream,
                     bytes.size(),
                     request.headers.get("Content-Type").value_or("application/octet-stream"));
    return message;
}

pplx::task<Response> start(cpprest::client::http_client& client,
                           cpprest::http_request message,
                           const SharedExchange& exchange) {
    return client.request(std::move(message), exchange->cancellation.get_token())
        .then([](cpprest::http_response answer) { return answer.content_ready(); })
        .then([exchange](cpprest::http_response answer) {
            Response response;
            response.status = answer.status_code();
            for (const auto& [name, value] : answer.headers()) response.headers.set(name, value);
            const Bytes& bytes = exchange->received.collection();
            response.body.assign(bytes.begin(), bytes.end());
            return response;
        });
}

Error unavailable(std::string message) {
    return {ErrorKind::Unavailable, std::move(message)};
}

/// cpprestsdk tells its stages apart in the text of the exception only.
Error translate(const cpprest::http_exception& failure, const std::string& origin) {
    const std::string_view text = failure.what();
    const auto has = [text](std::string_view part) {
        return text.find(part) != std::string_view::npos;
    };
    if (failure.error_code() == std::errc::timed_out) {
        return {ErrorKind::TimedOut, fmt::format("{} did not answer in time.", origin)};
    }
    if (has("connect to any")) {
        return unavailable(fmt::format("{} refuses connections or cannot be reached.", origin));
    }
    if (has("resolv")) {
        return unavailable(fmt::format(
            "The name of {} cannot be resolved; check the network connection.", origin));
    }
    if (has("SSL") || has("certificate")) {
        return unavailable(fmt::format(
            "No secure connection to {} ({}); check its certificate, and the certificate "
            "of a proxy in between.",
            origin,
            text));
    }
    return unavailable(fmt::format("The connection to {} broke ({}).", origin, text));
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

cpprest::client::http_client_config config_for(const Url& url) {
    cpprest::client::http_client_config config;
    config.set_timeout(idle_limit);
    config.set_chunksize(chunk_size);
    // A token must not follow a redirect to another host.
    config.set_max_redirects(0);
    if (const auto proxy = proxy_for(url, variable)) {
        web::web_proxy tunnel{web::uri(proxy->address)};
        if (!proxy->user.empty()) tunnel.set_credentials({proxy->user, proxy->password.reveal()});
        config.set_proxy(tunnel);
    }
    return config;
}

class CpprestTransport final : public Transport {
public:
    CpprestTransport() = default;
    CpprestTransport(const CpprestTransport&) = delete;
    CpprestTransport& operator=(const CpprestTransport&) = delete;

    ~CpprestTransport() override {
        // Sockets of abandoned exchanges are closing; after this nothing of theirs touches the
        // loop.
        for (const auto& exchange : in_flight_) exchange->cancellation.cancel();
        for (const auto& exchange : in_flight_) exchange->posted.wait();
    }

    asio::awaitable<Response> send(Request request, std::stop_token stop) override {
        if (stop.stop_requested()) throw cancelled();
        const auto url = parse_url(request.url);
        if (!url) throw Error(ErrorKind::InternalError, "The request has no absolute address.");
        const auto origin = url->origin();
        in_flight_.remove_if([](const auto& exchange) { return exchange->posted.is_done(); });

        auto exchange = std::make_shared<Exchange>(Exchange{request.body});
        const auto loop = co_await asio::this_coro::executor;
        const auto answer = start_exchange(request, *url, exchange, loop);

        // Either the caller's stop or the time limit ends the wait.
        std::stop_source either;
        auto pass_on = [&either] { either.request_stop(); };
        std::stop_callback on_stop(stop, pass_on);
        asio::steady_timer limit(loop, request.timeout);
        auto expire = [either](const boost::system::error_code& error) mutable {
            if (!error) either.request_stop();
        };
        limit.async_wait(std::move(expire));
        try {
            auto response = co_await answer.get(either.get_token());
            co_return response;
        } catch (const cpprest::http_exception& failure) {
            throw translate(failure, origin);
        } catch (const Error&) {
            exchange->cancellation.cancel();
            if (stop.stop_requested()) throw;
            throw Error(ErrorKind::TimedOut,
                        fmt::format("{} did not answer within {} seconds.",
                                    origin,
                                    request.timeout.count() / 1000));
        } catch (const std::exception& failure) {
            throw unavailable(
                fmt::format("The exchange with {} failed: {}.", origin, failure.what()));
        }
    }

private:
    cpprest::client::http_client& client_for(const Url& url) {
        const auto origin = url.origin();
        const auto known = clients_.find(origin);
        if (known != clients_.end()) return known->second;
        return clients_.try_emplace(origin, web::uri(origin), config_for(url)).first->second;
    }

    async::AwaitedTask<Response> start_exchange(const Request& request,
                                                const Url& url,
                                                const SharedExchange& exchange,
                                                const asio::any_io_executor& loop) {
        const auto origin = url.origin();
        try {
            auto task = start(client_for(url), make_request(request, url, exchange), exchange);
            async::AwaitedTask<Response> answer(loop, std::move(task));
            exchange->posted = answer.posted();
            in_flight_.push_back(exchange);
            return answer;
        } catch (const std::exception& failure) {
            throw unavailable(
                fmt::format("No request to {} is possible: {}.", origin, failure.what()));
        }
    }

    std::map<std::string, cpprest::client::http_client> clients_;
    // Those that may still run, also when nobody waits for them any more.
    std::list<SharedExchange> in_flight_;
};

}  // namespace

std::unique_ptr<Transport> cpprest_transport() {
    return std::make_unique<CpprestTransport>();
}

void initialize_transport_threads(int count) {
    crossplat::threadpool::initialize_with_threads(static_cast<std::size_t>(count));
}

}  // namespace aml::http
